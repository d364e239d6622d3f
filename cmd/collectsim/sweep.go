package main

import (
	"context"

	"collectsim/sim/outcome"
)

func (a *app) mergeSweep(folder *outcome.Folder, m *outcome.Manifest, shards []shardFolder, o *runOptions) error {
	return nil
}

func (a *app) verifySweep(ctx context.Context, r *rerun) error { return nil }
