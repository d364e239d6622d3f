package calibrate

// At and Share are the two directions of a parameter's scale.
func (p *Parameter) At(z float64) float64    { return p.at(z) }
func (p *Parameter) Share(x float64) float64 { return p.share(x) }
