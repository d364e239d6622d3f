package outcome

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/gob"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
)

// A journal keeps whole replications on disk in the order of their index, each with a checksum. It
// is what makes memory independent of the number of replications, lets an interrupted run go on, and
// lets shards be joined: tables are always built from journals, never from what happened to be in
// memory.
//
// A record is: the magic word, the length of the body, its CRC-32 (IEEE), the body. A record that was
// cut off by a kill is ignored and overwritten.
const journalMagic = 0x4c4e524a // JRNL

// Log appends records to a file, each whole or not there at all.
type Log struct {
	file    *os.File
	Records int // whole records in the file
}

// OpenLog opens or creates a log and goes to the end of its last whole record. With each, if not nil,
// the body of every whole record is handed over first.
func OpenLog(path string, each func(body []byte) error) (*Log, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, plain(path, err)
	}
	l := &Log{file: file}
	end, err := scan(file, func(body []byte) error {
		l.Records++
		if each != nil {
			return each(body)
		}
		return nil
	})
	if err == nil {
		err = file.Truncate(end) // what a kill cut off
	}
	if err == nil {
		_, err = file.Seek(end, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return l, nil
}

// Append adds one record.
func (l *Log) Append(body []byte) error {
	record := make([]byte, 16, 16+len(body))
	binary.LittleEndian.PutUint32(record, journalMagic)
	binary.LittleEndian.PutUint32(record[4:], crc32.ChecksumIEEE(body))
	binary.LittleEndian.PutUint64(record[8:], uint64(len(body)))
	if _, err := l.file.Write(append(record, body...)); err != nil {
		return err
	}
	l.Records++
	return nil
}

// Close closes the file.
func (l *Log) Close() error { return l.file.Close() }

// ReadLog hands the body of every whole record of a log to each, in order; it is valid until each returns.
func ReadLog(path string, each func(body []byte) error) error {
	file, err := os.Open(path)
	if err != nil {
		return plain(path, err)
	}
	_, err = scan(file, each)
	return errors.Join(err, file.Close())
}

// Journal appends replications to a file. It is a Sink.
type Journal struct {
	log  *Log
	Done int // whole replications in the file
}

// OpenJournal opens or creates a journal and goes to the end of its last whole record. With each, if
// not nil, every whole replication is handed over first.
func OpenJournal(path string, each func(*Replication) error) (*Journal, error) {
	if each == nil {
		each = func(*Replication) error { return nil }
	}
	log, err := OpenLog(path, decoding(each))
	if err != nil {
		return nil, err
	}
	return &Journal{log: log, Done: log.Records}, nil
}

// Replication appends one record.
func (j *Journal) Replication(r *Replication) error {
	body, err := r.Bytes()
	if err == nil {
		err = j.log.Append(body)
	}
	if err == nil {
		j.Done++
	}
	return err
}

// Bytes is the replication as a journal keeps it; equal replications give equal bytes.
func (r *Replication) Bytes() ([]byte, error) {
	var body bytes.Buffer
	if err := gob.NewEncoder(&body).Encode(r); err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	return body.Bytes(), nil
}

// Close closes the file.
func (j *Journal) Close() error { return j.log.Close() }

// ReadJournal hands every whole replication of a journal to each, in order.
func ReadJournal(path string, each func(*Replication) error) error {
	return ReadLog(path, decoding(each))
}

// decoding reads replications from the bodies of records.
func decoding(each func(*Replication) error) func([]byte) error {
	return func(body []byte) error {
		r, err := decode(body)
		if err != nil {
			return err
		}
		return each(r)
	}
}

func decode(body []byte) (*Replication, error) {
	var r Replication
	if err := gob.NewDecoder(bytes.NewReader(body)).Decode(&r); err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	return &r, nil
}

// Interleave is the source of a whole run from the journals of its shards, of which the k-th holds
// the replications k, k+n, k+2n, ... of n. Shards that do not fit together are an error.
func Interleave(journals []string) Source {
	return func(each func(*Replication) error) error {
		readers := make([]*Records, len(journals))
		for i, path := range journals {
			log, err := OpenRecords(path)
			if err != nil {
				return err
			}
			defer log.Close()
			readers[i] = log
		}
		for k := 0; ; k++ {
			path, log := journals[k%len(readers)], readers[k%len(readers)]
			body := log.Next()
			if body == nil {
				return plain(path, log.Err())
			}
			r, err := decode(body)
			if err == nil && r.Index != k {
				err = fmt.Errorf("%s: holds replication %d in place of %d", path, r.Index, k)
			}
			if err == nil {
				err = each(r)
			}
			if err != nil {
				return err
			}
		}
	}
}

// scan reads records up to the first that is not whole and returns where the whole ones end.
func scan(file io.Reader, each func(body []byte) error) (end int64, err error) {
	in := newRecords(file)
	for {
		body := in.Next()
		if body == nil {
			return in.end, in.Err()
		}
		if err := each(body); err != nil {
			return in.end, err
		}
	}
}

// Records reads the records of a log one by one.
type Records struct {
	file io.Closer
	in   *bufio.Reader
	body bytes.Buffer
	end  int64 // where the whole records end that were read so far
	err  error // of the disk or network
}

// OpenRecords opens a log for reading.
func OpenRecords(path string) (*Records, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, plain(path, err)
	}
	r := newRecords(file)
	r.file = file
	return r, nil
}

func newRecords(file io.Reader) *Records { return &Records{in: bufio.NewReaderSize(file, 1<<18)} }

// Close closes the file.
func (r *Records) Close() error { return r.file.Close() }

// Next returns the body of the next record, nil where no further one is whole. It is valid until the following call.
func (r *Records) Next() []byte {
	var head [16]byte
	if _, err := io.ReadFull(r.in, head[:]); err != nil {
		return r.stop(err)
	}
	size := binary.LittleEndian.Uint64(head[8:])
	if binary.LittleEndian.Uint32(head[:]) != journalMagic || size == 0 || size > 1<<36 {
		return nil
	}
	if r.body.Reset(); r.body.Cap() > 1<<20 {
		r.body = bytes.Buffer{} // many logs can be open at once
	}
	if _, err := io.CopyN(&r.body, r.in, int64(size)); err != nil {
		return r.stop(err)
	}
	if crc32.ChecksumIEEE(r.body.Bytes()) != binary.LittleEndian.Uint32(head[4:]) {
		return nil
	}
	r.end += int64(len(head)) + int64(size)
	return r.body.Bytes()
}

// stop tells the end of a log, perhaps within a record that a kill cut off, from a log that cannot be read: what that
// holds is not lost, and must not be overwritten.
func (r *Records) stop(err error) []byte {
	if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		r.err = err
	}
	return nil
}

// Err is why nothing more could be read; nil where no further record is whole.
func (r *Records) Err() error { return r.err }
