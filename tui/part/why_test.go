package part

import "testing"

// The end of a name tells it from those beside it in a narrow column: three functions of
// one package are not three times "crypto/internal/fip…".
func TestFunctionNameKeepsWhatTellsItFromOthers(t *testing.T) {
	for _, c := range []struct {
		name  string
		width int
		want  string
	}{
		{"crypto/internal/fips140/sha256.blockSHANI", 60, "crypto/internal/fips140/sha256.blockSHANI"},
		{"crypto/internal/fips140/sha256.blockSHANI", 20, "sha256.blockSHANI"},
		{"crypto/internal/fips140/sha256.(*Digest).checkSum", 20, "(*Digest).checkSum"},
		{"github.com/some/body.Handler", 10, "Handler"},
		{"java.util.concurrent.locks.ReentrantLock.lock", 20, "ReentrantLock.lock"},
		{"v8::internal::compiler::Reducer::Reduce", 20, "Reducer::Reduce"},
		{"core::ptr::drop_in_place<alloc::vec::Vec<u8>>", 20, "ptr::drop_in_place<…"},
		{"<actix_http::Request as core::ops::Drop>::drop", 12, "<actix_http…"},
		{"finish_task_switch.isra.0", 12, "finish_task…"},
		{"Writable.uncork", 8, "uncork"},
		{"JSON.stringify", 8, "JSON.st…"},
		{"net/http.(*conn).serve", 6, "(*con…"},
		{"parserOnHeadersComplete", 10, "parserOnH…"},
		{"RegExp: ^(a/b.c)+$", 10, "RegExp: ^…"},
		{"a.", 1, "…"},
		{"", 3, ""},
	} {
		if got := FunctionName(c.name, c.width); got != c.want {
			t.Errorf("%q in %d cells is %q, want %q", c.name, c.width, got, c.want)
		}
	}
}
