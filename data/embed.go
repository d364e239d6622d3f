// Package data embeds what ships with collectsim: scenarios, strategies, guardrail sets and column
// maps, each value with its unit and source beside it. Package scenario gives them meaning.
package data

import "embed"

// Files holds the folders scenarios, strategies, guardrails and maps.
//
//go:embed scenarios/*.yaml strategies/*.yaml guardrails/*.yaml maps/*.yaml
var Files embed.FS
