// Package experiment plays experiments that are written as files: a scenario, arms (a strategy and
// settings each), measures that contrast arms on the same borrowers, and sweeps along which a
// measure may change its sign. Two kinds of result come out of the same play:
//
//   - claims of field practice ([Experiment.Claim]): holds, fails, or depends on an input beyond a value;
//   - published field experiments as virtual trials ([Experiment.Trial]): published against simulated.
//
// Nothing here knows any claim or publication: what is measured, and in which direction the claim
// points, stands in the file, and the result follows from the measured effect and its interval.
package experiment
