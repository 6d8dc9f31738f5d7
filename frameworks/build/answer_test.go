package build

import (
	"io"
	"strings"
	"testing"
)

func TestOnlyTheBeginningOfAnAnswerIsKept(t *testing.T) {
	var said beginning
	if n, err := io.WriteString(&said, "1.2.3"+strings.Repeat("x", 5*maxSaid)); n != 5*maxSaid+5 || err != nil || len(said.String()) != maxSaid {
		t.Errorf("%d, %v, %d kept", n, err, len(said.String()))
	}
}
