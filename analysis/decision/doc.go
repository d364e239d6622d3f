// Package decision turns the costs and effects of strategies into a choice between them.
//
// It answers, in the order in which a risk team asks: which strategies are worth considering at all
// ([ICERs]: strong and extended dominance, the efficient frontier), which one to take at a given price of
// one unit of effect ([NetBenefits], [BestByPrice]), how sure that choice is ([Acceptability]), and what it
// would be worth to know more ([Acceptability] for everything, [PartialInformation] per parameter).
// [ByGroup] asks the same for each group of the population: which strategy for whom, and is it worth telling them apart.
// [Pareto] and [StochasticDominance] compare strategies without any price.
// [FromMeans] and [FromSamples] do the whole of it in one call.
//
// Conventions. Cost is better when lower, effect is better when higher: pass "overdue accounts avoided"
// or the negated rate, not the rate. A price (also called willingness to pay, wtp) is money per unit of
// effect, so it is per avoided 30+ account, per recovered unit or per avoided distress-day according to
// what the effect counts. Costs, effects and all values of information are on the scale of the input: per
// account if the input is per account; [Population.Size] scales them to a portfolio.
//
// Samples are aligned: sample i of every strategy comes from the same draw of the uncertain parameters
// (and the same borrowers). Where the samples still carry simulation noise, the value of perfect
// information counts that noise as if it could be learned; [PartialInformation] averages it out.
//
// Equal inputs give equal outputs, whatever the order in which strategies are listed. No function
// modifies its arguments.
package decision
