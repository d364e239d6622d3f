// Package calibrate fits parameters of a scenario to targets: roll rates of a lender's own panel, points
// of a cure curve, published figures.
//
// The method is that of simulated moments (McFadden 1989; Gourieroux and Monfort 1996). A target is a
// moment: a value with its standard error, and the quantity of the simulation that must meet it. The
// estimate minimises the weighted squares of simulated less target values,
//
//	Q = sum of w (m - t)^2,   w = weight / (se^2 + variance of the simulated value)
//
// over the declared ranges of the parameters. Every point is played in the same worlds (seed, portfolio,
// lives), so Q is deterministic, and noise in differences between near points is small. All other
// parameters stand at their value: nothing is drawn.
//
// The steps, in the order in which the files read:
//
//  1. targets, check: what a file of targets says ([Open]); rolls: tables of moves become targets;
//  2. quantity: how a target is read off an outcome, as sums that add over lives; trial: off a published
//     experiment that is replayed;
//  3. parameter: a parameter's range as the unit interval, on its scale;
//  4. model: points are played in worlds;
//  5. fit, step: the search ([Fit]);
//  6. infer: standard errors, directions that the targets do not identify, the test of fit, errors of
//     targets held out;
//  7. result, print, file: what is told, and the scenario file of the fitted values.
package calibrate
