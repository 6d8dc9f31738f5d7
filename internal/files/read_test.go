package files

import (
	"os"
	"path/filepath"
	"testing"
)

func TestOnlyTheStartOfAFileIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("0123456789"), 0o600); err != nil {
		t.Fatal(err)
	}
	for most, want := range map[int64]string{0: "", 4: "0123", 10: "0123456789", 99: "0123456789"} {
		if got, err := ReadStart(path, most); err != nil || string(got) != want {
			t.Errorf("the first %d bytes are %q, %v; want %q", most, got, err, want)
		}
	}
	if _, err := ReadStart(path+"s", 4); err == nil {
		t.Error("a file that is not there is read")
	}
}
