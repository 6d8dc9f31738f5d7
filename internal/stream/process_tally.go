package stream

// SetPerMB sets the throughput, in replies per second, against the memory at its peak.
func (p *ProcessResult) SetPerMB(rps float64) {
	if most := p.MemoryMBMax(); most != nil && *most > 0 {
		perMB := rps / *most
		p.RPSPerMB = &perMB
	}
}
