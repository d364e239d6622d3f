package scenario

// Parse reads a scenario from memory, laid over the one that it extends or the default; file names it
// in errors, and its folder is where relative names under extends start. An empty src is the default itself.
func Parse(file string, src []byte) (*Scenario, error) { return over(file, src, nil) }
