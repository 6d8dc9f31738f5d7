//go:build unix

package e2e

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

// secureServer speaks HTTP/2 and HTTP/1.1 over TLS with a certificate that nobody trusts.
func secureServer(t *testing.T) (url string, byHTTP2, requests *atomic.Uint64) {
	byHTTP2, requests = new(atomic.Uint64), new(atomic.Uint64)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		if r.ProtoMajor == 2 {
			byHTTP2.Add(1)
		}
		fmt.Fprint(w, `{"name":"secure"}`)
	}))
	server.EnableHTTP2 = true
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // one test's handshake fails
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.URL + "/hello", byHTTP2, requests
}

func TestRunMeasuresOverTLSAndByHTTP2(t *testing.T) {
	for _, http2 := range []bool{false, true} {
		url, byHTTP2, requests := secureServer(t)
		args := []string{"run", "--url", url, "--insecure", "--check-json", "name", "-w", "steady", "-c", "4", "-n", "200", "--warmup", "0", "--json", "-"}
		if http2 {
			args = append(args, "--http2")
		}
		b := newBench(t, args...)
		if code := b.run(t); code != 0 {
			t.Fatalf("exit %d: %s", code, b.stderr.String())
		}
		result := decode(t, b.stdout.Bytes())
		one := only(t, result)
		// One more than measured asked whether the server answers.
		if one.Requests.OK != 200 || requests.Load() != 201 || (byHTTP2.Load() == 201) != http2 {
			t.Errorf("OK %d, the server counted %d, %d of them by HTTP/2", one.Requests.OK, requests.Load(), byHTTP2.Load())
		}
		if strings.Contains(result.Workload.Words, "HTTP/2") != http2 {
			t.Errorf("the workload is called %q", result.Workload.Words)
		}
	}
}

func TestUntrustedServerIsOneClearLine(t *testing.T) {
	url, _, _ := secureServer(t)
	b := newBench(t, "run", "--url", url, "--plain", "--quiet", "--no-record")
	if code := b.run(t); code != 1 {
		t.Errorf("exit %d", code)
	}
	if said := b.stderr.String(); !strings.Contains(said, "--insecure") || strings.Count(said, "\n") != 1 {
		t.Errorf("said %q", said)
	}
}
