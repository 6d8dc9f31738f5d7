package tui

// Panel is a part of the live screen that can be focused, enlarged and switched.
type Panel int

// The panels, in the order of their keys.
const (
	NoPanel Panel = iota
	PanelLatency
	PanelThroughput
	PanelHeatmap
	PanelCPU
	PanelMemory
	PanelLoop
	PanelQueue
	PanelFindings
	PanelFailures
	PanelLog
)

// Key is the key that switches the panel.
func (p Panel) Key() string { return " 123456789l"[p : p+1] }

// panelOfKey is the panel that a key switches; NoPanel if none.
func panelOfKey(key string) Panel {
	for p := PanelLatency; p <= PanelLog; p++ {
		if p.Key() == key {
			return p
		}
	}
	return NoPanel
}

// isChart says that the panel has a time axis.
func (p Panel) isChart() bool { return p >= PanelLatency && p <= PanelQueue }

// weight is how much of its column's height, or of its row's width, a panel gets.
func (p Panel) weight() int {
	return [...]int{PanelLatency: 6, PanelThroughput: 6, PanelHeatmap: 6, PanelCPU: 4, PanelMemory: 3, PanelLoop: 4, PanelQueue: 3,
		PanelFindings: 6, PanelFailures: 4, PanelLog: 5}[p]
}

// What panels are given room in, the most important first.
var (
	chartsByImportance = []Panel{PanelLatency, PanelThroughput, PanelCPU, PanelHeatmap, PanelMemory, PanelLoop, PanelQueue}
	textsByImportance  = []Panel{PanelFindings, PanelFailures, PanelLog}
)
