// Package compare puts challengers beside a champion and says what the replications can tell.
//
// All strategies meet the same borrowers living the same lives (common random numbers), so
// every comparison is of pairs: replication by replication, or borrower by borrower. Each
// difference is challenger minus champion.
//
//  1. [Paired], [VarianceReduction]: one metric, two strategies, and what the pairing gained.
//  2. [Holm], [Challengers]: all challengers at once, with the multiplicity paid for.
//  3. [Rank], [ReplicationsNeeded]: who is best, and how many replications would tell.
//  4. [Effects], [Targeting], [FairnessGaps]: whom a strategy helps or harms.
//  5. [PlanTest], [Design], [WrongDecisions], [ValueOfTest]: sizing a live champion/challenger test.
//
// Which direction is good is never assumed: it comes with the metric ([Metric]).
package compare
