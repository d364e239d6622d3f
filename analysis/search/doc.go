// Package search looks for a better version of a strategy: other days, rhythms, caps and conditions of its stages, or
// stages left out, such that a metric is best and limits hold, with the same teams.
//
// Every version is played on the same borrowers and luck, so that few replications tell two versions apart. First versions
// drawn at random are looked at, or all where there are few; from the strategy as it is and from the best of them the
// search then climbs: all versions that differ in one value are looked at in a few replications, the best of them in more,
// and those that are better are joined. A version within the limits counts as better than one outside, and of two
// outside the one that exceeds them by less (Deb 2000). It ends where no single change is better by more than its
// standard error: a local optimum, of which nobody knows whether there is a better one further off. Last, changes that
// are not worth two standard errors in three times the replications are taken back.
//
// The best of many versions looks better than it is on the replications it was chosen by. So what is reported is
// played anew, with the next seed: other borrowers, another luck and, where it is synthetic, another portfolio.
package search
