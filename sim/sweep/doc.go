// Package sweep plays a scenario at many points: a point sets some of the scenario's values and
// leaves the rest alone.
//
// All points and strategies share common random numbers: the same seed, replications and account
// keys, and the same synthetic portfolio unless a point changes what it is drawn from. So differences
// between points are as sharp as differences between strategies.
//
// Work goes replication by replication: replication 0 of all points, then 1 of all, and so on. An
// interrupted sweep has thus played all points equally often. Every finished piece (one replication
// of one point) is one checksummed record of a log. Tables are built from the log alone, in the
// order of its records, so the number of workers, kills and shards change no byte. A shard of a sweep
// holds whole points (i-1, i-1+n, ...), so that nothing of a point is ever summed across shards.
//
// Memory depends neither on replications nor, beyond the list of points, on points: at the end
// the log is read once for every blockPoints points.
package sweep
