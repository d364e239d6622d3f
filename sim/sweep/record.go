package sweep

import (
	"bytes"
	"container/heap"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"path/filepath"

	"collectsim/sim/outcome"
)

// Record is one replication of one point: the values of every metric, by strategy, or why it failed.
type Record struct {
	Point, Replication int
	ActiveDays         int64
	Reason             string      // empty: it was played
	Values             [][]float64 // [strategy][metric], parallel to Point.Strategies and outcome.Metrics
}

// Source hands every record in order (replications rise, points rise within them) to each; it can be
// read more than once. A record may be used again after each returns.
type Source func(each func(*Record) error) error

// File is the source of a log.
func File(path string) Source {
	return func(each func(*Record) error) error {
		return outcome.ReadLog(path, func(body []byte) error {
			r, err := unmarshal(body)
			if err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
			return each(r)
		})
	}
}

// marshal writes a record: five whole numbers, the reason, the values strategy by strategy; little endian.
func (r *Record) marshal() []byte {
	metrics := 0
	if len(r.Values) > 0 {
		metrics = len(r.Values[0])
	}
	b := make([]byte, 0, 40+len(r.Reason)+8*metrics*len(r.Values))
	for _, x := range []int64{int64(r.Point), int64(r.Replication), r.ActiveDays, int64(len(r.Values)), int64(len(r.Reason))} {
		b = binary.LittleEndian.AppendUint64(b, uint64(x))
	}
	b = append(b, r.Reason...)
	for _, values := range r.Values {
		for _, x := range values {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
		}
	}
	return b
}

var errRecord = errors.New("a record has a wrong length")

func unmarshal(b []byte) (*Record, error) {
	if len(b) < 40 {
		return nil, errRecord
	}
	var head [5]int64
	for i := range head {
		head[i] = int64(binary.LittleEndian.Uint64(b[8*i:]))
	}
	rest, strategies, reason := b[40:], head[3], head[4]
	if reason < 0 || strategies < 0 || int64(len(rest)) < reason || strategies > int64(len(rest)) {
		return nil, errRecord
	}
	r := &Record{Point: int(head[0]), Replication: int(head[1]), ActiveDays: head[2], Reason: string(rest[:reason])}
	rest = rest[reason:]
	if strategies == 0 && len(rest) == 0 {
		return r, nil
	}
	if strategies == 0 || int64(len(rest))%(8*strategies) != 0 {
		return nil, errRecord
	}
	n := len(rest) / 8 / int(strategies)
	r.Values = make([][]float64, strategies)
	for k := range r.Values {
		r.Values[k] = make([]float64, n)
		for i := range r.Values[k] {
			r.Values[k][i] = math.Float64frombits(binary.LittleEndian.Uint64(rest))
			rest = rest[8:]
		}
	}
	return r, nil
}

// Merge is the source of a whole sweep from the logs of its shards.
func Merge(dirs []string) Source {
	return func(each func(*Record) error) (err error) {
		var q queue
		for i, dir := range dirs {
			h := &head{name: filepath.Join(dir, outcome.JournalFile), shard: outcome.Shard{Index: i + 1, Of: len(dirs)}}
			log, err := outcome.OpenRecords(h.name)
			if err != nil {
				return err
			}
			defer log.Close()
			h.log = log
			if ok, err := h.next(); err != nil {
				return err
			} else if ok {
				q = append(q, h)
			}
		}
		heap.Init(&q)
		for len(q) > 0 {
			h := q[0]
			if err := each(h.record); err != nil {
				return err
			}
			ok, err := h.next()
			if err != nil {
				return err
			}
			if ok {
				heap.Fix(&q, 0)
			} else {
				heap.Pop(&q)
			}
		}
		return nil
	}
}

// head is a log with the record that comes next in it.
type head struct {
	name   string
	shard  outcome.Shard
	log    *outcome.Records
	record *Record
}

func (h *head) next() (ok bool, err error) {
	body := h.log.Next()
	if body == nil {
		return false, h.log.Err()
	}
	before := h.record
	if h.record, err = unmarshal(body); err != nil {
		return false, fmt.Errorf("%s: %w", h.name, err)
	}
	if h.record.Point%h.shard.Of != h.shard.Index-1 || before != nil && !before.before(h.record) {
		return false, fmt.Errorf("%s: holds point %d, replication %d in the wrong place", h.name, h.record.Point, h.record.Replication)
	}
	return true, nil
}

func (r *Record) before(o *Record) bool {
	if r.Replication != o.Replication {
		return r.Replication < o.Replication
	}
	return r.Point < o.Point
}

// queue is a heap of logs by their next record.
type queue []*head

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].record.before(q[j].record) }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)        { *q = append(*q, x.(*head)) }
func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

// Equal reports whether two records are the same, bit for bit.
func (r *Record) Equal(o *Record) bool { return bytes.Equal(r.marshal(), o.marshal()) }
