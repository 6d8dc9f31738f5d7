package tui

// podium is the stage mode.
type podium struct{}

func newPodium() podium                     { return podium{} }
func (m *model) presenting() bool           { return false }
func (m *model) present()                   {}
func (m *model) drawPodium(area Rect)       {}
func (m *model) takePodiumKey(msg any) bool { return false }
