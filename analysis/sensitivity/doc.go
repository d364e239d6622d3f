// Package sensitivity says where to run a model and what the runs mean.
//
// It has two halves that never meet. Designs take [Bounds] and return points: one row per run, one column per
// factor, in the factors' own units. Indices take the values that any model gave at those points, in the same
// order. What happens in between (a simulator, a spreadsheet, another program) is the caller's business.
//
//	question                               design            index
//	how far does each factor alone move it  [OneWay]          [Tornado]
//	which strategy is best where            [TwoWay], [Grid]  [BestMap]
//	at which value does the answer flip     [Grid], [Zip]     [BreakEven]
//	which factors can be forgotten          [MorrisDesign]    [Morris]
//	what share of variance is each factor's [Saltelli]        [Sobol]
//	in which region do bad outcomes lie     [LatinHypercube], [SobolSequence], [Random]  [PRIM]
//
// Every function is a pure function of its arguments: a seed stands in the options wherever chance is used, 0 is a
// seed like any other, and no argument is modified. Errors name everything that is wrong with an input at once;
// doubts about a result (too few samples, dropped runs) travel with it as Warnings.
//
// Factors are taken as independent and uniform on their (linear, logarithmic or whole-number) range. Correlated
// factors are outside what these designs and variance-based indices can describe.
package sensitivity
