//go:build unix

package build

import (
	"bytes"
	"context"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/benchtui/benchtui/frameworks"
	"github.com/benchtui/benchtui/frameworks/contenders/golang/server"
	"github.com/benchtui/benchtui/internal/measure/measuretest"
	"github.com/benchtui/benchtui/procs/proctest"
)

// serveVariable makes the test binary the built-in golang contender, as the
// command serve-golang does for benchtui.
const serveVariable = "FRAMEWORKS_TEST_SERVE_GOLANG"

// testBuilder keeps what takes a network and many seconds to build from one run of
// the tests to the next; a change of the sources builds anew.
func testBuilder(t *testing.T) *Builder {
	t.Helper()
	dir := os.Getenv("BENCHTUI_TEST_CACHE")
	if dir == "" {
		own, err := DefaultCacheDir()
		if err != nil {
			t.Fatal(err)
		}
		dir = filepath.Join(own, "tests")
	}
	return NewBuilder(dir, os.Args[0])
}

// needTools skips, loudly, where a toolchain is truly not there.
func needTools(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("NOT CHECKED: %s is not installed, so this contender can't be built here (%v)", name, err)
		}
	}
}

// running is a contender that a test has started.
type running struct {
	cmd   *exec.Cmd
	base  string // http://127.0.0.1:port
	ended chan struct{}
	said  *bytes.Buffer // complete once it has ended
}

// start launches a built contender as its user would, from elsewhere, and waits
// until it answers.
func start(t *testing.T, built Built, env ...string) *running {
	t.Helper()
	port := proctest.FreePort(t)
	launch, err := built.Launch(port)
	if err != nil {
		t.Fatal(err)
	}
	if !filepath.IsAbs(launch.Path) {
		t.Errorf("launch path %s is not absolute", launch.Path)
	}
	r := &running{cmd: exec.Command(launch.Path, launch.Args...), base: fmt.Sprintf("http://127.0.0.1:%d", port), ended: make(chan struct{}), said: &bytes.Buffer{}}
	r.cmd.Dir, r.cmd.Env = launch.Dir, append(append(os.Environ(), launch.Env...), env...)
	r.cmd.Stdout, r.cmd.Stderr = r.said, r.said
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = r.cmd.Wait() // how it ended is in ProcessState
		close(r.ended)
	}()
	t.Cleanup(func() {
		_ = r.cmd.Process.Kill()
		<-r.ended
	})
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		if reply, err := http.Get(r.base + "/hello"); err == nil {
			_ = reply.Body.Close()
			return r
		}
		select {
		case <-r.ended:
			t.Fatalf("%s ended (%v): %s", launch.Path, r.cmd.ProcessState, r.said)
		default:
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s does not answer", launch.Path)
		}
	}
}

// stop sends SIGTERM and expects a clean end.
func (r *running) stop(t *testing.T) {
	t.Helper()
	if err := r.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case <-r.ended:
	case <-time.After(time.Minute):
		t.Fatal("still runs a minute after SIGTERM")
	}
	if !r.cmd.ProcessState.Success() {
		t.Errorf("ended with %v after SIGTERM: %s", r.cmd.ProcessState, r.said)
	}
}

// expect sends a request over HTTP/1.1 and holds all headers but the date, and
// the body, against what is wanted.
func (r *running) expect(t *testing.T, request *http.Request, status int, header map[string]string, body string) {
	t.Helper()
	request.Header.Set("User-Agent", "benchtui")
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reply.Body.Close() }()
	got, err := io.ReadAll(reply.Body)
	if err != nil {
		t.Fatal(err)
	}
	headers := map[string]string{}
	for name, values := range reply.Header {
		headers[name] = strings.Join(values, ", ")
	}
	if headers["Date"] == "" {
		t.Error("no Date")
	}
	delete(headers, "Date")
	if reply.StatusCode != status || !maps.Equal(headers, header) || string(got) != body {
		t.Errorf("reply %d %v %q\nwant  %d %v %q", reply.StatusCode, headers, got, status, header, body)
	}
}

func (r *running) get(t *testing.T, path string) *http.Request {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.base+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return request
}

// keepsAlive expects many replies over one connection; a server may close one that is idle
// for seconds, which it is where the machine stands still.
func (r *running) keepsAlive(t *testing.T, requests int) {
	t.Helper()
	measuretest.Undisturbed(t, time.Second, func(t testing.TB) {
		dials := 0
		var dialer net.Dialer
		client := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			dials++
			return dialer.DialContext(ctx, network, address)
		}}}
		defer client.CloseIdleConnections()
		for range requests {
			reply, err := client.Get(r.base + "/hello")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(io.Discard, reply.Body); err != nil {
				t.Fatal(err)
			}
			_ = reply.Body.Close()
		}
		if dials != 1 {
			t.Errorf("%d requests took %d connections, want 1", requests, dials)
		}
	})
}

func expectGolang(t *testing.T, r *running) {
	t.Helper()
	body := fmt.Sprintf("{\"name\":\"golang\",\"releaseYear\":%d}\n", time.Now().Year())
	r.expect(t, r.get(t, "/hello"), 200, map[string]string{
		"Content-Type": "application/json", "Content-Length": fmt.Sprint(len(body)),
	}, body)
	r.expect(t, r.get(t, "/"), 404, map[string]string{
		"Content-Type": "text/plain; charset=utf-8", "Content-Length": "19", "X-Content-Type-Options": "nosniff",
	}, "404 page not found\n")
	r.keepsAlive(t, 1000)
	r.stop(t)
}

func TestGolangIsBuiltKeptAndServes(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it builds, or starts what was built")
	}
	needTools(t, "go")
	c := embeddedContender(t, "golang")
	builder := NewBuilder(t.TempDir(), os.Args[0])
	began := time.Now()
	built, err := builder.Build(t.Context(), c, func(line string) { t.Log(line) })
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("built in %v", time.Since(began))
	if built.Variant != "own build" || built.Cached || built.Fallback != "" || !strings.HasPrefix(built.Version, "Go 1.") {
		t.Errorf("variant %q, cached %v, fallback %q, version %q", built.Variant, built.Cached, built.Fallback, built.Version)
	}
	began = time.Now()
	again, err := builder.Build(t.Context(), c, nil)
	if err != nil || !again.Cached || again.Artifact != built.Artifact {
		t.Errorf("the second time: cached %v at %s (%v)", again.Cached, again.Artifact, err)
	}
	t.Logf("found built in %v", time.Since(began))
	expectGolang(t, start(t, again))
}

func TestGolangBuiltInServesTheSame(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it builds, or starts what was built")
	}
	builder := withPATH(t)
	built, err := builder.Build(t.Context(), embeddedContender(t, "golang"), nil)
	if err != nil {
		t.Fatal(err)
	}
	launch, err := built.Launch(1234)
	if err != nil {
		t.Fatal(err)
	}
	if launch.Path != builder.self || !slices.Equal(launch.Args, []string{"serve-golang", "--port", "1234"}) || !slices.Equal(launch.Env, []string{"PORT=1234"}) {
		t.Errorf("launch %+v, want this program's serve-golang", launch)
	}
	expectGolang(t, start(t, built, serveVariable+"=1"))
}

func TestGolangFallsBackToBuiltInWhereGoIsBroken(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it builds, or starts what was built")
	}
	dir := t.TempDir()
	fakeTool(t, dir, "go", "go version go1.30.0 linux/amd64") // says so whatever it is asked, and builds nothing
	builder := withPATH(t, dir)
	c := embeddedContender(t, "golang")
	for range 2 {
		built, err := builder.Build(t.Context(), c, nil)
		if err != nil {
			t.Fatal(err)
		}
		if built.Variant != "built in" || !strings.Contains(built.Fallback, "not as own build: the build ended well but made no golang") {
			t.Errorf("variant %q, fallback %q", built.Variant, built.Fallback)
		}
		if launch, err := built.Launch(1234); err != nil || launch.Path != builder.self {
			t.Errorf("launch %+v (%v)", launch, err)
		}
	}
}

// expressETag is the weak ETag as Express makes it of a body: its length in hex
// and the first 27 characters of its SHA-1 in base 64.
func expressETag(body string) string {
	sum := sha1.Sum([]byte(body))
	return fmt.Sprintf(`W/"%x-%s"`, len(body), base64.StdEncoding.EncodeToString(sum[:])[:27])
}

func expectExpress(t *testing.T, r *running) {
	t.Helper()
	body := fmt.Sprintf(`{"name":"expressjs","releaseYear":%d}`, time.Now().Year())
	etag := expressETag(body)
	connection := map[string]string{"Connection": "keep-alive", "Keep-Alive": "timeout=5", "X-Powered-By": "Express"}
	hello := maps.Clone(connection)
	hello["Content-Type"], hello["Content-Length"], hello["Etag"] = "application/json; charset=utf-8", fmt.Sprint(len(body)), etag
	r.expect(t, r.get(t, "/hello"), 200, hello, body)

	// What the article took for a saturated event loop.
	revalidation := r.get(t, "/hello")
	revalidation.Header.Set("If-None-Match", etag)
	unchanged := maps.Clone(connection)
	unchanged["Etag"] = etag
	r.expect(t, revalidation, 304, unchanged, "")

	reply, err := http.Get(r.base + "/")
	if err != nil {
		t.Fatal(err)
	}
	_ = reply.Body.Close()
	if reply.StatusCode != 404 {
		t.Errorf("status %d elsewhere, want 404", reply.StatusCode)
	}
	r.keepsAlive(t, 1000)
	r.stop(t)
}

func TestExpressIsASingleExecutableAndServes(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it builds, or starts what was built")
	}
	needTools(t, "node", "npm")
	c := embeddedContender(t, "expressjs")
	builder := testBuilder(t)
	began := time.Now()
	built, err := builder.Build(t.Context(), c, func(line string) { t.Log(line) })
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("built in %v, cached %v, as %s, %s", time.Since(began), built.Cached, built.Variant, built.Fallback)
	if !strings.HasPrefix(built.Version, "Express 4.21.") {
		t.Errorf("version %q", built.Version)
	}
	if built.Variant != "single executable" {
		if !nodeHasFuse(t) {
			t.Skipf("NOT CHECKED: this node can't be injected into (%s)", built.Fallback)
		}
		t.Fatalf("variant %q: %s", built.Variant, built.Fallback)
	}
	if filepath.Base(built.Artifact) != "expressjs" {
		t.Errorf("artifact %s", built.Artifact)
	}
	r := start(t, built, "PATH=") // needs no node any more
	expectExpress(t, r)
}

// nodeHasFuse tells whether the node in PATH can be made a single executable at all.
func nodeHasFuse(t *testing.T) bool {
	t.Helper()
	path, err := exec.Command("node", "-p", "process.execPath").Output()
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(strings.TrimSpace(string(path)))
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Contains(program, []byte("NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2"))
}

// A fuse that no node has is what a node without single executables looks like.
func TestExpressRunsUnderPlainNodeWhereTheSingleExecutableFails(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it builds, or starts what was built")
	}
	needTools(t, "node", "npm")
	c := embeddedContender(t, "expressjs")
	c.Manifest.Variants = slices.Clone(c.Manifest.Variants)
	single := &c.Manifest.Variants[0]
	single.Build = slices.Clone(single.Build)
	for i, step := range single.Build {
		single.Build[i].Run = slices.Clone(step.Run)
		for j, word := range step.Run {
			single.Build[i].Run[j] = strings.Replace(word, "NODE_SEA_FUSE_fce680", "NODE_SEA_FUSE_000000", 1)
		}
	}
	built, err := testBuilder(t).Build(t.Context(), c, func(line string) { t.Log(line) })
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(built.Variant, "plain node 2") || filepath.Base(built.Artifact) != "bundle.js" {
		t.Errorf("variant %q, artifact %s", built.Variant, built.Artifact)
	}
	if !strings.Contains(built.Fallback, "not as single executable: put the blob into the copy: exit status 1: Error: Could not find the sentinel") {
		t.Errorf("fallback %q", built.Fallback)
	}
	launch, err := built.Launch(1234)
	if err != nil || !slices.Equal(launch.Env, []string{"NODE_ENV=production", "PORT=1234"}) {
		t.Errorf("environment %q (%v)", launch.Env, err)
	}
	expectExpress(t, start(t, built))
}

func TestExpressSaysThatItsPackagesCanNotBeHad(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it builds, or starts what was built")
	}
	needTools(t, "node", "npm")
	dir := t.TempDir()
	builder := NewBuilder(dir, os.Args[0])
	// An address where nobody answers, and a cache that holds nothing.
	builder.machine.environ = append(builder.machine.environ, "npm_config_registry=http://127.0.0.1:9/", "npm_config_cache="+t.TempDir(), "npm_config_fetch_retries=0")
	c := embeddedContender(t, "expressjs")
	_, err := builder.Build(t.Context(), c, nil)
	if err == nil {
		t.Fatal("no error")
	}
	for _, part := range []string{"build expressjs: install the packages of package-lock.json: exit status 1", "ECONNREFUSED", "(log: "} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q\ndoes not hold %q", err, part)
		}
	}
	if state := builder.State(t.Context(), c); state.Kind != BuildFailed || !strings.Contains(state.Reason, "install the packages") {
		t.Errorf("state %v", state)
	}
}

func TestBuiltInServerRefusesBadAndTakenPorts(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it builds, or starts what was built")
	}
	if err := server.Serve(0); err == nil || !strings.Contains(err.Error(), "give --port a number from 1 to 65535") {
		t.Errorf("port 0: %v", err)
	}
	listener, err := net.Listen("tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	if err := server.Serve(listener.Addr().(*net.TCPAddr).Port); err == nil || !strings.Contains(err.Error(), "address already in use") {
		t.Errorf("a taken port: %v", err)
	}
}

func TestYourOwnCommandIsLaunchedFromWhereYouStand(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it builds, or starts what was built")
	}
	c, err := frameworks.Command(`mine=GREETING="a b" sh -c 'echo {port} {other}' x`)
	if err != nil {
		t.Fatal(err)
	}
	builder := NewBuilder(t.TempDir(), "self")
	if state := builder.State(t.Context(), c); state.Kind != Ready {
		t.Fatalf("state %v", state)
	}
	built, err := builder.Build(t.Context(), c, nil)
	if err != nil {
		t.Fatal(err)
	}
	launch, err := built.Launch(4321)
	if err != nil {
		t.Fatal(err)
	}
	if !filepath.IsAbs(launch.Path) || launch.Dir != "" || !slices.Equal(launch.Args, []string{"-c", "echo 4321 {other}", "x"}) ||
		!slices.Equal(launch.Env, []string{"GREETING=a b", "PORT=4321"}) {
		t.Errorf("launch %+v", launch)
	}
}

func TestURLIsReadyAndNothingIsStarted(t *testing.T) {
	c, err := frameworks.URL("http://127.0.0.1:1/x")
	if err != nil {
		t.Fatal(err)
	}
	builder := NewBuilder(t.TempDir(), "self")
	if state := builder.State(t.Context(), c); state.Kind != Ready || !strings.Contains(state.Reason, "http://127.0.0.1:1/x") {
		t.Errorf("state %v", state)
	}
	built, err := builder.Build(t.Context(), c, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := built.Launch(80); err == nil || !strings.Contains(err.Error(), "nothing to start") {
		t.Errorf("launch says %v", err)
	}
}

func TestYourOwnManifestRunsFromItsFolderWithoutABuild(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it builds, or starts what was built")
	}
	dir := t.TempDir()
	write := func(name, text string, mode os.FileMode) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), mode); err != nil {
			t.Fatal(err)
		}
	}
	write(frameworks.ManifestName, "id: mine\n"+smallManifest, 0o644)
	catalogue, err := frameworks.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalogue.Find(dir)
	if err != nil {
		t.Fatal(err)
	}
	builder := NewBuilder(t.TempDir(), "self")
	if state := builder.State(t.Context(), c); state.Kind != Missing || !strings.Contains(state.Reason, filepath.Join(dir, "server")+" not found") {
		t.Errorf("state %v without the server", state)
	}
	write("server", "#!/bin/sh\n", 0o755)
	if state := builder.State(t.Context(), c); state.Kind != Ready || state.Reason != "nothing to build" {
		t.Errorf("state %v", state)
	}
	built, err := builder.Build(t.Context(), c, nil)
	if err != nil {
		t.Fatal(err)
	}
	launch, err := built.Launch(99)
	if err != nil || launch.Path != filepath.Join(dir, "server") || launch.Dir != dir || !slices.Equal(launch.Args, []string{"--port", "99"}) {
		t.Errorf("launch %+v (%v)", launch, err)
	}
}

// A server of your own in Go, built from the folder of its manifest.
func TestYourOwnManifestIsBuiltFromItsFolder(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it builds, or starts what was built")
	}
	needTools(t, "go")
	dir := t.TempDir()
	for name, text := range map[string]string{
		frameworks.ManifestName: "id: own\nname: Own\nlanguage: Go\ntoolchains: [{id: go, minimum: \"1.22\"}]\nversion: {command: [\"{out}/own\", -version], pattern: 'v(.+)', text: \"Own {match}\"}\n" +
			"build: [{name: compile, run: [\"{go.path}\", build, -o, \"{out}/own\", .]}]\nartifact: \"{out}/own\"\nrun: {command: [\"{artifact}\"]}\n",
		"go.mod":  "module own\n\ngo 1.22\n",
		"main.go": "package main\n\nfunc main() { print(\"v7.1\\n\") }\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	catalogue, err := frameworks.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalogue.Find(filepath.Join(dir, frameworks.ManifestName))
	if err != nil {
		t.Fatal(err)
	}
	built, err := NewBuilder(t.TempDir(), "self").Build(t.Context(), c, func(line string) { t.Log(line) })
	if err != nil {
		t.Fatal(err)
	}
	if built.Version != "Own 7.1" || filepath.Base(built.Artifact) != "own" {
		t.Errorf("version %q, artifact %s", built.Version, built.Artifact)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 3 {
		t.Errorf("the build left something in the person's folder: %v", entries)
	}
}
