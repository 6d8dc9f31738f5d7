package field

import (
	"errors"
	"fmt"
	"os"
	"testing"
)

func TestFieldIsNamedByWhoAskedForIt(t *testing.T) {
	flag := func(name string) string { return "--" + name }
	for _, c := range []struct {
		err         error
		plain, flag string
	}{
		{Errorf("users", "%d: at least one user must arrive", 0), "users 0: at least one user must arrive", "--users 0: at least one user must arrive"},
		{Errorf("pid", ": %w", os.ErrNotExist), "pid: file does not exist", "--pid: file does not exist"},
		{fmt.Errorf("golang: %w", Errorf("rate", "x")), "golang: rate x", "golang: --rate x"},
		{errors.New("no field"), "no field", "no field"},
	} {
		named := Named(c.err, flag)
		if c.err.Error() != c.plain || named.Error() != c.flag {
			t.Errorf("%q, named %q; want %q, %q", c.err, named, c.plain, c.flag)
		}
		if again := Named(named, flag); again.Error() != c.flag {
			t.Errorf("named twice: %q", again)
		}
	}
	if err := Named(Errorf("pid", ": %w", os.ErrNotExist), flag); !errors.Is(err, os.ErrNotExist) {
		t.Error("what the error is, is lost")
	}
	if Named(nil, flag) != nil {
		t.Error("no error became one")
	}
}
