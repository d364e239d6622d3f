// Package sim is the engine: it plays every strategy on the same borrowers living the same lives,
// one replication after another on a pool of workers, and hands each finished replication to a sink
// in the order of its index.
//
// # One simulated day
//
//  1. life: income states change, pay days fill cash, unaware borrowers notice what they owe
//  2. due: instalments fall due, interest is billed, on-time payers pay
//  3. delinquency: penalties are posted, days past due and buckets advance, remedies end, charge-off
//  4. promises: promises that fall due are kept or broken; lump sums from outside come
//  5. decide: the strategy selects actions from what it observes, guardrails filter them, automated ones are made
//  6. work: teams work their ranked lists within capacity; contacts, visits, diagnoses, remedies
//  7. live: hazards accumulate, excitation and cash decay, stress relaxes (one pass over memory)
//  8. pay: payment decisions whose threshold was crossed move money
//  9. observe: the day is recorded
//
// Accounts meet only in step 6, through the teams' capacity, and in the budget, where there is one. Steps 1 to
// 5 run for accounts that have something to do on the day (wake); step 7 runs for every account in collection
// (active) and is the inner loop that decides the speed. A borrower outside of the day loop is calm: current,
// and at the base level of stress.
//
// # Determinism
//
// Every draw is keyed by seed, replication, account, process and counter (package rng), so a
// replication is a pure function of the configuration and its index. Workers write nothing shared;
// results reach the sink in index order. A product that is added to is converted first, float64(a*b) + c:
// the compiler fuses the two on some processors and not on others, which rounds otherwise.
package sim
