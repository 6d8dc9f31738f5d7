package run_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/benchtui/benchtui/engine"
	"github.com/benchtui/benchtui/frameworks"
	"github.com/benchtui/benchtui/frameworks/build"
	"github.com/benchtui/benchtui/internal/run"
	"github.com/benchtui/benchtui/internal/traffic"
	"github.com/benchtui/benchtui/procs"
	"github.com/benchtui/benchtui/procs/sample"
)

// What make test-contenders sets: the ids to check, or all; and within what time.
const (
	conformVariable = "BENCHTUI_TEST_CONTENDERS"
	withinVariable  = "BENCHTUI_TEST_CONTENDERS_WITHIN"
)

// conformance is a contender's line in the table at the end.
type conformance struct {
	contender frameworks.Contender
	built     build.Built
	verdict   string // "checked", "NOT CHECKED", "FAILED"
	reason    string
	workCosts float64 // ns for each round of /work; 0: not measured
}

// TestContendersConform builds each contender and holds what its server does
// against what all of them promise. One that can't be built on this machine is
// reported as not checked, never as passed.
func TestContendersConform(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	asked := os.Getenv(conformVariable)
	if asked == "" {
		t.Skipf("builds and checks all contenders, which takes minutes; make test-contenders does, by %s=all", conformVariable)
	}
	catalogue, err := frameworks.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	cacheDir, err := build.DefaultCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	builder := build.NewBuilder(cacheDir, "")
	table := buildToConform(t, builder, contendersNamed(t, catalogue, asked))
	for _, row := range table {
		t.Run(row.contender.Manifest.ID, func(t *testing.T) {
			if row.verdict == "NOT CHECKED" {
				t.Skipf("NOT CHECKED: %s: %s", row.contender.Manifest.ID, row.reason)
			}
			if row.verdict == "FAILED" {
				t.Fatal(row.reason)
			}
			row.verdict, row.reason = "FAILED", "see above"
			row.workCosts = conforms(t, row.built)
			if t.Failed() {
				return
			}
			row.verdict, row.reason = "checked", ""
			if why, unverified := row.contender.Manifest.Unverified(); unverified {
				row.reason = "and yet its manifest says verified: false: " + why
			}
		})
	}
	writeConformance(table)
}

// notDownloaded finds what package managers say when they can't reach their registry.
// That a registry has no such package is another matter: then the manifest is wrong.
var notDownloaded = regexp.MustCompile(`Could not transfer artifact|failed to (get|download)|[Cc]ould not connect to server|ECONN(REFUSED|RESET|ABORTED)|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|NU1301`)

func TestRegistryOutOfReachIsNoFaultOfAContender(t *testing.T) {
	for failure, want := range map[string]bool{
		"[FATAL] Non-resolvable parent POM for benchtui:micronaut:1: Could not transfer artifact io.micronaut.platform:micronaut-parent:pom:5.0.2 from/to central": true,
		"error: failed to get `chrono` as a dependency of package `hello-warp v0.0.0`":                                                                             true,
		"npm error code ECONNREFUSED": true,
		"/tmp/src/dotnet8-aot.csproj : error NU1301: Unable to load the service index for source https://api.nuget.org/v3/index.json.": true,
		"build dotnet8-aot: publish: exit status 1: NuGet can't reach https://api.nuget.org (NU1301): is there a network?":             true,
		"build dotnet7-aot: publish: exit status 1: the registry has no Microsoft.NETCore.App.Ref 7.0.20":                              false,
		"[ERROR] Failed to execute goal on project helidon: Could not find artifact io.helidon.webserver:helidon-webserver:jar:4.5.9":  false,
		"npm error code ETARGET":                               false,
		"error: could not compile `hello-warp` (bin \"warp\")": false,
	} {
		if notDownloaded.MatchString(failure) != want {
			t.Errorf("%q: not downloaded is %v, want %v", failure, !want, want)
		}
	}
}

// contendersNamed are those that the words name, in their order; all stands for
// the rest.
func contendersNamed(t *testing.T, catalogue *frameworks.Catalogue, words string) []frameworks.Contender {
	t.Helper()
	var named []frameworks.Contender
	add := func(contender frameworks.Contender) {
		if !slices.ContainsFunc(named, func(c frameworks.Contender) bool { return c.Manifest.ID == contender.Manifest.ID }) {
			named = append(named, contender)
		}
	}
	for _, word := range strings.Fields(words) {
		if word == "all" {
			for _, contender := range catalogue.All() {
				add(contender)
			}
			continue
		}
		contender, err := catalogue.Find(word)
		if err != nil {
			t.Fatal(err)
		}
		add(contender)
	}
	return named
}

// buildToConform builds what this machine can, within the time there is.
func buildToConform(t *testing.T, builder *build.Builder, contenders []frameworks.Contender) []*conformance {
	t.Helper()
	ctx := t.Context()
	if text := os.Getenv(withinVariable); text != "" {
		within, err := time.ParseDuration(text)
		if err != nil {
			t.Fatalf("%s: %v", withinVariable, err)
		}
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, within)
		defer cancel()
	}
	var table []*conformance
	rows := map[string]*conformance{}
	var buildable []frameworks.Contender
	for _, contender := range contenders {
		row := &conformance{contender: contender, verdict: "NOT CHECKED"}
		table, rows[contender.Manifest.ID] = append(table, row), row
		if state := builder.State(t.Context(), contender); state.Kind == build.Missing {
			row.reason = state.Reason
			continue
		}
		buildable = append(buildable, contender)
	}
	builder.BuildAll(ctx, buildable, runtime.NumCPU(), func(news build.News) {
		row := rows[news.Contender.Manifest.ID]
		switch {
		case !news.Done:
			return
		case news.Err == nil:
			row.built, row.verdict = news.Built, ""
			fmt.Printf("built %s in %.0f s: %s %s\n", row.contender.Manifest.ID, news.Took.Seconds(), news.Built.Version, news.Built.Variant)
		case errors.Is(news.Err, context.DeadlineExceeded):
			row.reason = "no time was left to build it (" + withinVariable + "=" + os.Getenv(withinVariable) + ")"
		case notDownloaded.MatchString(news.Err.Error()):
			row.reason = "what it needs could not be downloaded: " + news.Err.Error()
		default: // the toolchain is there, so the fault is ours
			row.verdict, row.reason = "FAILED", news.Err.Error()
			fmt.Println("not built:", news.Err)
		}
	})
	return table
}

func writeConformance(table []*conformance) {
	fmt.Println()
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, "CONTENDER\tVERSION\tCONFORMS\tA ROUND OF WORK\tREASON")
	for _, row := range table {
		version := row.built.Version
		if row.built.Variant != "" {
			version += " (" + row.built.Variant + ")"
		}
		costs := ""
		if row.workCosts > 0 {
			costs = fmt.Sprintf("%.2f ns", row.workCosts)
		}
		fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\n", row.contender.Manifest.ID, version, row.verdict, costs, firstLine(row.reason))
	}
	_ = out.Flush()
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// conforms starts what was built and holds it against what every contender promises. It
// measures what a round of work costs, in ns.
func conforms(t *testing.T, built build.Built) (workCosts float64) {
	manifest := built.Contender.Manifest
	port, err := procs.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	launch, err := built.Launch(port)
	if err != nil {
		t.Fatal(err)
	}
	child, err := procs.Start(procs.Command{Path: launch.Path, Args: launch.Args, Dir: launch.Dir, Env: launch.Env,
		LogFile: filepath.Join(t.TempDir(), "server.log")})
	if err != nil {
		t.Fatal(err)
	}
	stopped := false
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the server's last lines:\n%s", strings.Join(child.LastLines(20), "\n"))
		}
		if !stopped {
			_ = child.Stop(context.Background(), 0)
		}
	})
	base := "http://" + net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	request := traffic.Request{Method: manifest.Request.Method, URL: base + manifest.Request.Path}
	checks := traffic.Checks{Status: manifest.Checks.Status, JSONField: manifest.Checks.JSONField, BodyContains: manifest.Checks.BodyContains}
	awaitAnswer(t, child, request, checks)

	expectReply(t, base, manifest)
	expectRoutes(t, base, manifest.ID)
	expectEcho(t, base)
	expectWaitHoldsNoThread(t, child.PID(), port)
	expectKeepAlive(t, request.URL, manifest.Behaviour.KeepAliveRequests)
	expectBacklog(t, child.PID(), port, manifest.Behaviour.AcceptBacklog)

	const requests = 10_000
	measured, err := engine.Run(t.Context(), engine.Job{Request: request, Checks: checks,
		Workload: traffic.Load{Model: traffic.Closed, Connections: 64, Requests: requests, Timeout: 10 * time.Second}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if measured.OK != requests || measured.KO != 0 {
		t.Errorf("of %d requests %d were OK and %d KO: %+v", requests, measured.OK, measured.KO, measured.Failures)
	}

	workCosts = costOfWork(t, base)

	began := time.Now()
	if err := child.Stop(t.Context(), run.DefaultGrace); err != nil {
		t.Fatal(err)
	}
	stopped = true
	if exit := child.Exit(); exit.Signal == "SIGKILL" {
		t.Errorf("still ran %v after SIGTERM and had to be killed", run.DefaultGrace)
	} else {
		t.Logf("%s: ended %.2f s after SIGTERM: %s", manifest.ID, time.Since(began).Seconds(), exit)
	}
	if err := procs.WaitPortFree(t.Context(), port); err != nil {
		t.Error(err)
	}
	return workCosts
}

// awaitAnswer waits for the first good reply on the port that the server was given.
func awaitAnswer(t *testing.T, child *procs.Child, request traffic.Request, checks traffic.Checks) {
	t.Helper()
	limit, cancel := context.WithTimeout(t.Context(), run.DefaultStartTimeout)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		reply, err := engine.Once(limit, request, checks, run.DefaultStartTimeout)
		if err == nil && reply.Cause == "" {
			return
		}
		select {
		case <-child.Done():
			t.Fatalf("ended before it answered: %s", child.Exit())
		case <-limit.Done():
			t.Fatalf("no good reply from %s: %v %s %s", request.URL, err, reply.Cause, reply.Body)
		case <-tick.C:
		}
	}
}

// expectReply holds the reply's bytes and headers, byte for byte.
func expectReply(t *testing.T, base string, manifest frameworks.Manifest) {
	t.Helper()
	reply, body := get(t, http.DefaultClient, base+"/hello")
	// A newline may end the text; nothing else may differ.
	if got, want := strings.TrimSuffix(body, "\n"), fmt.Sprintf(`{"name":%q,"releaseYear":%d}`, manifest.ID, time.Now().Year()); got != want {
		t.Errorf("body %q, want %q", got, want)
	}
	if reply.StatusCode != http.StatusOK || reply.ProtoMajor != 1 || reply.ProtoMinor != 1 {
		t.Errorf("%s %s, want HTTP/1.1 200", reply.Proto, reply.Status)
	}
	kind, parameters, err := mime.ParseMediaType(reply.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" || parameters["charset"] != "" && !strings.EqualFold(parameters["charset"], "utf-8") {
		t.Errorf("Content-Type %q, want application/json", reply.Header.Get("Content-Type"))
	}
	if reply.ContentLength != int64(len(body)) && !slices.Contains(reply.TransferEncoding, "chunked") {
		t.Errorf("Content-Length %d of %d bytes", reply.ContentLength, len(body))
	}
	if encoding := reply.Header.Get("Content-Encoding"); encoding != "" {
		t.Errorf("Content-Encoding %q unasked", encoding)
	}
	etag, told := reply.Header.Get("ETag"), manifest.Behaviour.ETag.Value
	if none := strings.HasPrefix(told, "none"); told != "" && none != (etag == "") {
		t.Errorf("ETag %q, but its manifest says: %s", etag, told)
	}
}

// expectKeepAlive sends 1,000 requests and expects one connection to do, or one
// for as many requests as the manifest says; 0: no limit.
func expectKeepAlive(t *testing.T, address string, limit int) {
	t.Helper()
	const requests = 1000
	dials := 0
	var dialer net.Dialer
	client := &http.Client{Transport: &http.Transport{DisableCompression: true, DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		dials++
		return dialer.DialContext(ctx, network, address)
	}}}
	defer client.CloseIdleConnections()
	for range requests {
		if reply, _ := get(t, client, address); reply.StatusCode != http.StatusOK {
			t.Fatalf("GET %s: %s", address, reply.Status)
		}
	}
	want := 1
	if limit > 0 {
		want = (requests + limit - 1) / limit
	}
	if dials != want {
		t.Errorf("%d requests, one after another, took %d connections, want %d; if the framework limits the requests of a connection, write behaviour.keep_alive_requests", requests, dials, want)
	}
}

// expectBacklog holds the accept queue's limit, where it can be read, against the manifest.
func expectBacklog(t *testing.T, pid, port int, told frameworks.Fact) {
	t.Helper()
	sampler, err := sample.NewSampler(pid)
	if err != nil {
		t.Fatal(err)
	}
	sampler.WatchPort(port)
	sample, _ := sampler.Sample()
	limit := sample.AcceptQueueLimit
	if !limit.Known {
		t.Logf("the accept queue's limit can't be read here; its manifest says %s", told.Value)
		return
	}
	somaxconn, _ := os.ReadFile("/proc/sys/net/core/somaxconn")
	shown := strconv.Itoa(int(limit.Value))
	if shown != strings.TrimSpace(string(somaxconn)) && !strings.Contains(told.Value, shown) {
		t.Errorf("the accept queue holds %s connections, but its manifest says: %s", shown, told.Value)
	}
}

func get(t *testing.T, client *http.Client, address string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept-Encoding", "identity")
	reply, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reply.Body.Close() }()
	body, err := io.ReadAll(reply.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply, string(body)
}
