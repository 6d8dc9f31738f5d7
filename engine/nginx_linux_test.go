package engine

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/traffic"
)

// What we count is what nginx logs, request for request, while it closes
// connections after every 100 requests as it pleases.
func TestCountsAgreeWithTheAccessLogOfNginx(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	path, err := exec.LookPath("nginx")
	if err != nil {
		t.Skip("NOT CHECKED: nginx is not installed (Debian: nginx-light)")
	}
	for _, client := range clients() {
		for model, workload := range map[string]traffic.Load{
			"closed": {Model: traffic.Closed, Connections: 16, Requests: 5000},
			"users":  {Model: traffic.Users, Users: 300, RampOver: 300 * time.Millisecond, Repeat: 4},
			"rate":   {Model: traffic.Rate, Rate: 4000, Duration: 500 * time.Millisecond, Connections: 16},
		} {
			t.Run(string(client)+" "+model, func(t *testing.T) {
				url, logged := startNginx(t, path)
				m, err := Run(context.Background(), Job{Client: client, Request: traffic.Request{URL: url}, Checks: helloChecks, Workload: workload}, nil)
				if err != nil {
					t.Fatal(err)
				}
				lines := logged()
				if m.KO != 0 || uint64(lines) != m.OK+m.Retried || m.Sent != m.OK {
					t.Errorf("OK %d, KO %d, sent %d, retried %d; nginx logged %d: %v", m.OK, m.KO, m.Sent, m.Retried, lines, m.Failures)
				}
			})
		}
	}
}

// startNginx serves JSON until the test ends; logged stops it and counts its log's lines.
func startNginx(t *testing.T, path string) (url string, logged func() int) {
	t.Helper()
	dir := t.TempDir()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	free.Close()
	config := fmt.Sprintf(`worker_processes 1; daemon off; master_process off; pid %[1]s/pid; error_log %[1]s/error;
events { worker_connections 1024; }
http { access_log %[1]s/access; keepalive_requests 100; client_body_temp_path %[1]s/a; proxy_temp_path %[1]s/b;
fastcgi_temp_path %[1]s/c; uwsgi_temp_path %[1]s/d; scgi_temp_path %[1]s/e;
server { listen %[2]s; location / { default_type application/json; return 200 '{"name":"nginx"}'; } } }`, dir, address)
	file := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(file, []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(path, "-c", file, "-e", filepath.Join(dir, "error"))
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	stop := func() {
		_ = command.Process.Signal(os.Interrupt)
		_ = command.Wait()
	}
	t.Cleanup(stop)
	deadline := time.Now().Add(10 * time.Second)
	for {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			conn.Close()
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("nginx does not listen: %v", err)
		}
		time.Sleep(5 * time.Millisecond)
	}
	return "http://" + address + "/hello", func() int {
		stop()
		log, err := os.ReadFile(filepath.Join(dir, "access"))
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Count(log, []byte("\n"))
	}
}
