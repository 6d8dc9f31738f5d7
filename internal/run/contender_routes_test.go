package run_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/frameworks/contenders/golang/server"
	"github.com/benchtui/benchtui/procs/sample"
)

// What a route of every contender replies to a request; "": only the status counts.
type routeCase struct {
	path   string
	status int
	body   string // JSON without spaces
}

// routesOfAll are the routes but /echo, with what they are asked in vain.
func routesOfAll(id string) []routeCase {
	hello := fmt.Sprintf(`{"name":%q,"releaseYear":%d}`, id, time.Now().Year())
	cases := []routeCase{
		{"/json", 200, items(50)},
		{"/json?n=0", 200, "[]"},
		{"/json?n=1", 200, `[{"id":1,"name":"item 1","inStock":false}]`},
		{"/json?n=2", 200, `[{"id":1,"name":"item 1","inStock":false},{"id":2,"name":"item 2","inStock":true}]`},
		{"/json?n=10000", 200, items(10_000)},
		{"/wait", 200, hello},
		{"/wait?ms=0", 200, hello},
		{"/wait?ms=1", 200, hello},
		// Calculated by definition: (hash XOR i) × 16777619 modulo 2³², from 2166136261 on.
		{"/work?rounds=0", 200, `{"hash":2166136261}`},
		{"/work?rounds=10", 200, `{"hash":797261938}`},
		{"/work?rounds=1000000", 200, `{"hash":3150042885}`},
		{"/work", 200, `{"hash":3150042885}`},
	}
	for _, path := range []string{"/", "/elsewhere", "/hello/more", "/json/more", "/work" + "/more", "/wait/more"} {
		cases = append(cases, routeCase{path, 404, ""})
	}
	for parameter, greatest := range map[string]int{"/json?n": 10_000, "/wait?ms": 10_000, "/work?rounds": 1_000_000_000} {
		for _, bad := range []string{"many", "-1", "1.5", "1e3", "99999999999999999999", fmt.Sprint(greatest + 1)} {
			cases = append(cases, routeCase{parameter + "=" + bad, 400, ""})
		}
	}
	return cases
}

// items is what /json replies, made from its definition.
func items(n int) string {
	var all strings.Builder
	for id := 1; id <= n; id++ {
		fmt.Fprintf(&all, `,{"id":%d,"name":"item %d","inStock":%t}`, id, id, id%2 == 0)
	}
	return "[" + strings.TrimPrefix(all.String(), ",") + "]"
}

// expectRoutes holds all routes but /hello, whose reply is held more closely.
func expectRoutes(t *testing.T, base, id string) {
	t.Helper()
	for _, c := range routesOfAll(id) {
		reply, body := get(t, http.DefaultClient, base+c.path)
		if reply.StatusCode != c.status {
			t.Errorf("GET %s: %s, want %d", c.path, reply.Status, c.status)
			continue
		}
		if c.body == "" {
			continue
		}
		var compact bytes.Buffer
		if err := json.Compact(&compact, []byte(body)); err != nil || compact.String() != c.body {
			t.Errorf("GET %s: %s (%v)\nwant %s", c.path, shortened(body), err, shortened(c.body))
		}
		if kind, _, _ := mime.ParseMediaType(reply.Header.Get("Content-Type")); kind != "application/json" {
			t.Errorf("GET %s: Content-Type %q", c.path, reply.Header.Get("Content-Type"))
		}
	}
	http.DefaultClient.CloseIdleConnections()
}

func shortened(text string) string { return text[:min(len(text), 200)] }

// expectEcho sends bodies up to 1 MiB, which come back as they went, and larger ones,
// which come back so or are refused.
func expectEcho(t *testing.T, base string) {
	t.Helper()
	const most = 1 << 20
	noise := make([]byte, 2*most)
	for i := range noise { // every byte there is, and no two lines alike
		noise[i] = byte(i ^ i>>8 ^ i>>16)
	}
	for _, c := range []struct {
		kind string
		size int
	}{
		{"application/octet-stream", 0}, {"application/octet-stream", 1}, {"application/octet-stream", 1000}, {"application/octet-stream", most},
		{"application/json", 10_000}, {"text/plain; charset=utf-8", 10_000}, {"text/plain", 300_000}, {"application/x-benchtui", 300_000},
		{"application/octet-stream", most + 1}, {"application/octet-stream", 2 * most},
	} {
		sent := noise[:c.size]
		status, kind, body, err := post(t, base+"/echo", c.kind, sent)
		if c.size > most && (status == http.StatusRequestEntityTooLarge || err != nil) {
			http.DefaultClient.CloseIdleConnections() // what was refused may be half sent
			continue
		}
		if err != nil {
			t.Errorf("POST /echo of %d bytes: %v", c.size, err)
			continue
		}
		if status != http.StatusOK || !bytes.Equal(body, sent) {
			t.Errorf("POST /echo of %d bytes of %s: status %d, %d bytes, equal %v", c.size, c.kind, status, len(body), bytes.Equal(body, sent))
		}
		if c.size > 0 && !sameMediaType(kind, c.kind) {
			t.Errorf("POST /echo of %s: Content-Type %q", c.kind, kind)
		}
	}
	http.DefaultClient.CloseIdleConnections()
	if reply, _ := get(t, http.DefaultClient, base+"/echo"); reply.StatusCode != http.StatusNotFound && reply.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("GET /echo: %s, want 404 or 405", reply.Status)
	}
}

func post(t *testing.T, address, kind string, body []byte) (status int, got string, echo []byte, err error) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", kind)
	request.Header.Set("Accept-Encoding", "identity")
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, "", nil, err
	}
	defer func() { _ = reply.Body.Close() }()
	echo, err = io.ReadAll(reply.Body)
	return reply.StatusCode, reply.Header.Get("Content-Type"), echo, err
}

// sameMediaType compares as HTTP does: spaces and the case of names are no difference.
func sameMediaType(a, b string) bool {
	kindA, withA, errA := mime.ParseMediaType(a)
	kindB, withB, errB := mime.ParseMediaType(b)
	return errA == nil && errB == nil && kindA == kindB && strings.EqualFold(fmt.Sprint(withA), fmt.Sprint(withB))
}

// expectWaitHoldsNoThread lets many wait at once, which takes no longer than one alone
// and no thread for each.
func expectWaitHoldsNoThread(t *testing.T, pid, port int) {
	t.Helper()
	// The JDK's server keeps no more than 200 idle connections.
	const waiting, wait = 150, time.Second
	sampler, err := sample.NewSampler(pid)
	if err != nil {
		t.Fatal(err)
	}
	before, _ := sampler.Sample()
	type connection struct {
		net.Conn
		read *bufio.Reader
	}
	ask := func(c connection, path string) {
		if _, err := fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", path); err != nil {
			t.Fatal(err)
		}
	}
	expect := func(c connection, what string) {
		reply, err := http.ReadResponse(c.read, nil)
		if err != nil || reply.StatusCode != http.StatusOK {
			t.Fatalf("%s: %v %v", what, reply, err)
		}
		_, _ = io.Copy(io.Discard, reply.Body)
		_ = reply.Body.Close()
	}
	conns := make([]connection, waiting)
	for i := range conns {
		conn, err := net.DialTimeout("tcp", fmt.Sprintf("127.0.0.1:%d", port), 5*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
		if err := conn.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
			t.Fatal(err)
		}
		conns[i] = connection{conn, bufio.NewReader(conn)}
		// Once it has answered it has accepted: no accept queue is in the way of the rest.
		ask(conns[i], "/hello")
		expect(conns[i], "the first reply")
	}
	began := time.Now()
	for _, conn := range conns {
		ask(conn, fmt.Sprintf("/wait?ms=%d", wait.Milliseconds()))
	}
	during, _ := sampler.Sample()
	for i, conn := range conns {
		expect(conn, fmt.Sprintf("reply %d of %d", i+1, waiting))
	}
	took := time.Since(began)
	// On a pool of 50 threads it would take 3 s; a busy machine may need some more than one.
	if took < wait || took > 5*wait/2 {
		t.Errorf("%d that wait %v at once took %v", waiting, wait, took)
	}
	if before.Threads.Known && during.Threads.Known && during.Threads.Value-before.Threads.Value > waiting/2 {
		t.Errorf("%d that wait took %.0f threads more than %.0f", waiting, during.Threads.Value-before.Threads.Value, before.Threads.Value)
	}
}

// costOfWork is what a round of /work costs, in ns: the least of some, once it is compiled.
func costOfWork(t *testing.T, base string) float64 {
	t.Helper()
	const rounds = 50_000_000
	least := time.Duration(0)
	for range 5 {
		began := time.Now()
		if _, body := get(t, http.DefaultClient, fmt.Sprintf("%s/work?rounds=%d", base, rounds)); !strings.Contains(body, "3057834053") {
			t.Fatalf("%d rounds: %s", rounds, body)
		}
		if took := time.Since(began); least == 0 || took < least {
			least = took
		}
	}
	http.DefaultClient.CloseIdleConnections()
	return float64(least.Nanoseconds()) / rounds
}

// The contender that every machine can run has the routes too where it is served by
// benchtui itself.
func TestRoutesOfTheContenderThatIsBuiltIn(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	builtIn := httptest.NewServer(server.Handler())
	defer builtIn.Close()
	expectRoutes(t, builtIn.URL, "golang")
	expectEcho(t, builtIn.URL)
}
