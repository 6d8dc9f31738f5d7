package machine

import "testing"

// Where there is no /proc it is not known how much memory there is; it is not that none is.
func TestMemoryThatCannotBeReadIsUnknown(t *testing.T) {
	t.Setenv("HOST_PROC", t.TempDir()) // where gopsutil looks
	m := Read(t.Context(), 0)
	if m.MemoryAvailableBytes.Known {
		t.Errorf("%v bytes are free", m.MemoryAvailableBytes)
	}
	if check := m.checkMemory(); check.State != Unknown {
		t.Errorf("%+v", check)
	}
}
