package sample

import "testing"

func TestHostIsKnown(t *testing.T) {
	host, err := ReadHost()
	if err != nil {
		t.Fatal(err)
	}
	if host.OS == "" || host.Kernel == "" || host.Cores < 1 || host.MemoryBytes < 64<<20 {
		t.Errorf("%+v", host)
	}
	t.Logf("%+v", host)
}
