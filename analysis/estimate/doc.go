// Package estimate computes one strategy's quantities together with how sure they are.
//
// Everything takes plain slices and gives plain values; nothing here knows tables, files or
// the engine. The steps, in the order in which the files read:
//
//  1. [Estimate]: the one interval type of the project, and the rule for printing it.
//  2. Means, shares, quantiles and ratios of replications ([Mean], [Share], [Quantile], [Ratio]).
//  3. Time to an end: [KaplanMeier], [LogRank], [AalenJohansen].
//  4. Panels and paths: [Transitions], [Bands].
//  5. Hypothesis tests for live data: [PropTest], [WelchTest], [PairedTest], [RankSumTest].
//
// Two opinions hold throughout. An undefined quantity is NaN with a warning, never 0; JSON
// shows it as null. And a doubt about a figure (too few replications, no variance, a
// denominator that may be zero) travels with the figure, in Warnings, worded so that the
// reader knows what would cure it.
//
// Nothing modifies its arguments. Functions that draw random numbers take a seed, and equal
// seeds give equal results.
package estimate
