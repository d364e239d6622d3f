package sweep

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"collectsim/sim/outcome"
)

// Status of a point.
const (
	OK      = "ok"
	Invalid = "invalid" // its settings break a rule; it was not played
	Failed  = "failed"  // a replication of it failed
)

// blockPoints is how many points are gathered at once.
const blockPoints = 128

// The tables of a sweep.
const (
	PointsTable       = "points"
	ReplicationsTable = "replications"
)

// Build writes the tables into a folder from the records of all points: points.arrow with a row per
// point and strategy, and replications.arrow with a row per replication, point and strategy, for the
// chosen metrics. With only, sorted, other points are left out.
func (p *Plan) Build(dir string, from Source, only []int) error {
	points := only
	if only == nil {
		for i := range p.Points {
			points = append(points, i)
		}
	}
	return errors.Join(p.buildPoints(dir, from, points), p.buildReplications(dir, from, only))
}

func (p *Plan) columns(first ...outcome.Column) []outcome.Column {
	for i := range p.Factors {
		f := &p.Factors[i]
		kind := outcome.Text
		if f.Numeric {
			kind = outcome.Float
		}
		first = append(first, outcome.Column{Name: f.Path, Kind: kind, Unit: f.Unit, Doc: "varied value of the scenario"})
	}
	return first
}

func (p *Plan) table(name string, columns []outcome.Column) *outcome.Table {
	return &outcome.Table{Name: name, Columns: columns, Meta: map[string]string{"scenario": p.Base.Name, "table": name}}
}

// setting writes the values of a point's factors.
func (p *Plan) setting(w *rowWriter, point int) {
	for k := range p.Factors {
		text := p.Design.Points[point][k]
		switch x, err := strconv.ParseFloat(text, 64); {
		case !p.Factors[k].Numeric:
			w.text(text)
		case text == "true":
			w.float(1)
		case text == "false":
			w.float(0)
		case err != nil:
			w.float(math.NaN())
		default:
			w.float(x)
		}
	}
}

func (p *Plan) buildPoints(dir string, from Source, points []int) error {
	var metrics []metric
	columns := p.columns(
		outcome.Column{Name: "point", Kind: outcome.Int, Doc: "number of the point"},
		outcome.Column{Name: "strategy", Kind: outcome.Text, Doc: "strategy"})
	columns = append(columns,
		outcome.Column{Name: "status", Kind: outcome.Text, Doc: "ok, invalid (settings break a rule, not played) or failed"},
		outcome.Column{Name: "reason", Kind: outcome.Text, Doc: "why the point could not be played, else empty"},
		outcome.Column{Name: "replications", Kind: outcome.Int, Doc: "replications played"})
	for _, i := range p.metrics {
		m := metricAt(i)
		metrics = append(metrics, m)
		columns = append(columns,
			outcome.Column{Name: m.name, Kind: outcome.Float, Unit: m.unit, Better: string(m.better), Doc: m.doc},
			outcome.Column{Name: m.name + "_se", Kind: outcome.Float, Unit: m.unit, Doc: "standard error over replications: " + m.doc},
			outcome.Column{Name: m.name + "_diff", Kind: outcome.Float, Unit: m.unit, Better: string(m.better), Doc: "difference to the baseline at the same point: " + m.doc},
			outcome.Column{Name: m.name + "_diff_se", Kind: outcome.Float, Unit: m.unit, Doc: "standard error of the difference, paired by replication: " + m.doc})
	}
	w, err := newRowWriter(dir, p.table(PointsTable, columns))
	if err != nil {
		return err
	}
	for len(points) > 0 && err == nil {
		block := points[:min(blockPoints, len(points))]
		points = points[len(block):]
		tallies := make(map[int]*tally, len(block))
		for _, i := range block {
			tallies[i] = &tally{}
		}
		err = from(func(r *Record) error {
			if t := tallies[r.Point]; t != nil {
				t.add(r, metrics, p.Points[r.Point].Baseline)
			}
			return nil
		})
		for _, i := range block {
			if t := tallies[i]; err == nil && p.Points[i].Reason == "" && t.reason == "" && t.replications == 0 {
				err = fmt.Errorf("point %d: was not played", i)
			}
			p.rows(w, i, tallies[i], metrics)
		}
		err = errors.Join(err, w.flush())
	}
	return errors.Join(err, w.close())
}

// rows writes the rows of one point.
func (p *Plan) rows(w *rowWriter, point int, t *tally, metrics []metric) {
	status, reason := OK, ""
	switch {
	case p.Points[point].Reason != "":
		status, reason = Invalid, p.Points[point].Reason
	case t.reason != "":
		status, reason = Failed, t.reason
	}
	for k, name := range p.Points[point].Strategies {
		w.begin()
		w.int(point)
		w.text(name)
		p.setting(w, point)
		w.text(status)
		w.text(reason)
		w.int(t.replications)
		for i := range metrics {
			level, difference := undefined, undefined
			if status == OK && t.cells != nil {
				level, difference = t.cells[k][i].estimates(&metrics[i], k == p.Points[point].Baseline)
			}
			w.float(level.value, level.se, difference.value, difference.se)
		}
	}
}

func (p *Plan) buildReplications(dir string, from Source, only []int) error {
	columns := p.columns(
		outcome.Column{Name: "replication", Kind: outcome.Int, Doc: "index of the replication"},
		outcome.Column{Name: "point", Kind: outcome.Int, Doc: "number of the point"},
		outcome.Column{Name: "strategy", Kind: outcome.Text, Doc: "strategy"})
	var wanted []int
	for _, i := range p.metrics {
		if m := metricAt(i); !m.relative {
			wanted = append(wanted, i)
			columns = append(columns, outcome.Column{Name: m.name, Kind: outcome.Float, Unit: m.unit, Better: string(m.better), Doc: m.doc})
		}
	}
	keep := make(map[int]bool, len(only))
	for _, i := range only {
		keep[i] = true
	}
	w, err := newRowWriter(dir, p.table(ReplicationsTable, columns))
	if err != nil {
		return err
	}
	err = from(func(r *Record) error {
		if only != nil && !keep[r.Point] {
			return nil
		}
		for k, values := range r.Values {
			w.begin()
			w.int(r.Replication)
			w.int(r.Point)
			w.text(p.Points[r.Point].Strategies[k])
			p.setting(w, r.Point)
			for _, i := range wanted {
				w.float(values[i])
			}
		}
		return w.flushFull()
	})
	return errors.Join(err, w.close())
}

// rowWriter writes a table row by row to a file.
type rowWriter struct {
	file  *outcome.TableFile
	batch *outcome.Table
	next  int // column
}

func newRowWriter(dir string, empty *outcome.Table) (*rowWriter, error) {
	file, err := outcome.CreateTable(dir, empty)
	return &rowWriter{file: file, batch: empty}, err
}

func (w *rowWriter) begin() { w.next = 0 }

func (w *rowWriter) column() *outcome.Column {
	w.next++
	return &w.batch.Columns[w.next-1]
}

func (w *rowWriter) int(x int) {
	c := w.column()
	c.Int = append(c.Int, int64(x))
}

func (w *rowWriter) text(x string) {
	c := w.column()
	c.Text = append(c.Text, x)
}

func (w *rowWriter) float(values ...float64) {
	for _, x := range values {
		c := w.column()
		c.Float = append(c.Float, x)
	}
}

// gatherRows is how many rows are gathered before they are written.
const gatherRows = 2048

func (w *rowWriter) flushFull() error {
	if w.batch.Rows() < gatherRows {
		return nil
	}
	return w.flush()
}

// flush hands the gathered rows over and empties the columns, keeping their memory.
func (w *rowWriter) flush() error {
	if w.batch.Rows() == 0 {
		return nil
	}
	err := w.file.Append(w.batch)
	for i := range w.batch.Columns {
		c := &w.batch.Columns[i]
		c.Float, c.Int, c.Text = c.Float[:0], c.Int[:0], c.Text[:0]
	}
	return err
}

func (w *rowWriter) close() error {
	return errors.Join(w.flush(), w.file.Close())
}
