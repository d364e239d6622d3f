// Package data embeds what ships with collectsim: scenarios, strategies, guardrail sets and column
// maps, each value with its unit and source beside it. Package scenario gives them meaning.
package data

import "embed"

// Files holds the folders scenarios, strategies, guardrails, maps, mechanisms, experiments and targets.
//
//go:embed scenarios/*.yaml strategies/*.yaml guardrails/*.yaml maps/*.yaml mechanisms/*.yaml experiments/claims/*.yaml experiments/published/*.yaml targets/*.yaml
var Files embed.FS
