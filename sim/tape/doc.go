// Package tape reads real loan tapes: it turns the rows of a CSV, Parquet or Arrow file into accounts, by a column map.
//
// A lender's columns, codes and units are its own, so nothing is guessed: the [Map] says where each field of an account
// comes from, and every deviation that it allows (a clamped balance, a dropped row) is counted in the [Report]. What it does
// not allow is an error that names row, column, value and rule; a tape loads completely or not at all, unless the map
// says otherwise.
//
// A row is treated in this order: filters (keep); fields, each on its own; what can be derived (an account without
// balance is current; instalment by rule; arrears from dpd; due day); [loan.Account.Check]; unique id. A row that a filter
// or a rule leaves out is not checked any further.
package tape
