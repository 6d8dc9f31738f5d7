package engine

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/benchtui/benchtui/internal/traffic"
)

// severalServers are servers on one port of several addresses of this machine, which
// count the requests that come to each; skipped where there is but one address.
func severalServers(t *testing.T) (port string, addresses []string, counts func() map[string]int) {
	t.Helper()
	var turn sync.Mutex
	count := map[string]int{}
	first, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ = net.SplitHostPort(first.Addr().String())
	addresses = []string{"127.0.0.1:" + port}
	listeners := []net.Listener{first}
	if second, err := net.Listen("tcp", net.JoinHostPort("::1", port)); err == nil {
		listeners, addresses = append(listeners, second), append(addresses, net.JoinHostPort("::1", port))
	}
	if third, err := net.Listen("tcp", "127.0.0.2:"+port); err == nil {
		listeners, addresses = append(listeners, third), append(addresses, "127.0.0.2:"+port)
	}
	if len(listeners) < 2 {
		t.Skip("NOT CHECKED: this machine has one loopback address")
	}
	for i, listener := range listeners {
		server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			turn.Lock()
			count[addresses[i]]++
			turn.Unlock()
		})}
		go server.Serve(listener)
		t.Cleanup(func() { server.Close() })
	}
	return port, addresses, func() map[string]int {
		turn.Lock()
		defer turn.Unlock()
		return count
	}
}

// A name that stands for several addresses has its load spread over all that serve.
func TestConnectionsAreSpreadOverTheAddressesOfAName(t *testing.T) {
	for _, client := range []Client{"", Portable} {
		port, addresses, counts := severalServers(t)
		job := Job{Request: traffic.Request{URL: "http://127.0.0.1:" + port + "/"}, Client: client, Workload: traffic.Load{Model: traffic.Closed, Connections: 12, Requests: 1200}}
		l, err := newLoad(t.Context(), job)
		if err != nil {
			t.Fatal(err)
		}
		l.request.addresses = addresses
		measures, err := l.run(t.Context(), nil)
		if err != nil || measures.OK != 1200 {
			t.Fatalf("%v: %d OK, %v", client, measures.OK, err)
		}
		for _, address := range addresses {
			if n := counts()[address]; n == 0 {
				t.Errorf("client %q: %s had none of %v", client, address, counts())
			}
		}
	}
}

func TestResolveTellsEveryAddressThatServes(t *testing.T) {
	port, addresses, _ := severalServers(t)
	lookup := func(hosts ...string) func(context.Context, string) ([]string, error) {
		return func(context.Context, string) ([]string, error) { return hosts, nil }
	}
	var hosts []string
	for _, address := range addresses {
		host, _, _ := net.SplitHostPort(address)
		hosts = append(hosts, host)
	}
	got, err := resolve(t.Context(), lookup(append([]string{"127.0.0.77"}, hosts...)...), "name:"+port)
	if err != nil || !slices.Equal(got, addresses) {
		t.Errorf("%v, %v, want %v", got, err, addresses)
	}
	if got, err := resolve(t.Context(), lookup("127.0.0.77", "127.0.0.78"), "name:"+port); err != nil || len(got) != 1 {
		t.Errorf("of a name that nobody serves: %v, %v", got, err)
	}
	if _, err := resolve(t.Context(), lookup(), "name:1"); err == nil {
		t.Error("a name without addresses is resolved")
	}
	none := errors.New("no such host")
	if _, err := resolve(t.Context(), func(context.Context, string) ([]string, error) { return nil, none }, "name:1"); !errors.Is(err, none) {
		t.Errorf("%v", err)
	}
}

func TestInternationalNamesAreWrittenAsPunycode(t *testing.T) {
	for text, want := range map[string]string{
		"http://bücher.example:8080/ü": "xn--bcher-kva.example:8080", "http://例え.テスト/": "xn--r8jz45g.xn--zckzah:80",
		"http://BÜCHER.example/": "xn--bcher-kva.example:80", "http://plain.example/": "plain.example:80", "http://[::1]:81/": "[::1]:81",
		"http://under_score:82/": "under_score:82",
	} {
		p, err := prepare(traffic.Request{URL: text})
		if err != nil || p.address != want {
			t.Errorf("%s: %v, %v, want %s", text, p, err, want)
			continue
		}
		target, _ := url.Parse("http://" + want)
		if host := "Host: " + strings.TrimSuffix(target.Host, ":80") + "\r\n"; !strings.Contains(string(p.bytes), host) {
			t.Errorf("%s: no %q in %q", text, host, p.bytes)
		}
	}
	if _, err := prepare(traffic.Request{URL: "http://b\u00fc..example/"}); err == nil {
		t.Error("a name with an empty part is taken")
	}
}
