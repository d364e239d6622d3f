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
// A record is: the magic word, the length of the body, its CRC-32 (IEEE), the body (gob). A record
// that was cut off by a kill is ignored and overwritten.
const journalMagic = 0x4c4e524a // JRNL

// Journal appends replications to a file. It is a Sink.
type Journal struct {
	file *os.File
	Done int // whole replications in the file
}

// OpenJournal opens or creates a journal and goes to the end of its last whole record. With each, if
// not nil, every whole replication is handed over first.
func OpenJournal(path string, each func(*Replication) error) (*Journal, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	j := &Journal{file: file}
	end, err := scan(file, func(r *Replication) error {
		j.Done++
		if each != nil {
			return each(r)
		}
		return nil
	})
	if err == nil {
		err = file.Truncate(end)
	}
	if err == nil {
		_, err = file.Seek(end, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return j, nil
}

// Replication appends one record.
func (j *Journal) Replication(r *Replication) error {
	var body bytes.Buffer
	if err := gob.NewEncoder(&body).Encode(r); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	head := make([]byte, 16)
	binary.LittleEndian.PutUint32(head, journalMagic)
	binary.LittleEndian.PutUint32(head[4:], crc32.ChecksumIEEE(body.Bytes()))
	binary.LittleEndian.PutUint64(head[8:], uint64(body.Len()))
	if _, err := j.file.Write(append(head, body.Bytes()...)); err != nil {
		return err
	}
	j.Done++
	return nil
}

// Close closes the file.
func (j *Journal) Close() error { return j.file.Close() }

// ReadJournal hands every whole replication of a journal to each, in order.
func ReadJournal(path string, each func(*Replication) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	_, err = scan(file, each)
	return errors.Join(err, file.Close())
}

// scan reads records up to the first that is not whole and returns where the whole ones end.
func scan(file io.Reader, each func(*Replication) error) (end int64, err error) {
	in := bufio.NewReaderSize(file, 1<<20)
	head := make([]byte, 16)
	for {
		if _, err := io.ReadFull(in, head); err != nil {
			return end, nil
		}
		size := binary.LittleEndian.Uint64(head[8:])
		if binary.LittleEndian.Uint32(head) != journalMagic || size > 1<<36 {
			return end, nil
		}
		body := new(bytes.Buffer)
		if n, err := io.CopyN(body, in, int64(size)); err != nil || n != int64(size) {
			return end, nil
		}
		if crc32.ChecksumIEEE(body.Bytes()) != binary.LittleEndian.Uint32(head[4:]) {
			return end, nil
		}
		var r Replication
		if err := gob.NewDecoder(body).Decode(&r); err != nil {
			return end, fmt.Errorf("journal: %w", err)
		}
		if err := each(&r); err != nil {
			return end, err
		}
		end += int64(len(head)) + int64(size)
	}
}
