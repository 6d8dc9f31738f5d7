package wording

import "github.com/benchtui/benchtui/internal/stream"

// Shown is a figure of the OK replies' response time as tables show it, in ms: of
// several rounds the median where there is one.
func Shown(one stream.ContenderResult, name string) *float64 {
	if fig := one.Figure(name); fig != nil {
		return fig
	}
	return one.LatencyMS.OK.Figure(name)
}
