package scenario

// Parse reads a scenario from memory, laid over the default; file names it in errors. An empty src is
// the default itself.
func Parse(file string, src []byte) (*Scenario, error) {
	s := Default()
	return s, s.decode(file, src)
}
