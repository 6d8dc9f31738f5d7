//go:build linux

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// server is one that the tools are held against, with a counter of its own.
type server struct {
	name    string
	url     string
	process *os.Process
	dir     string // to be removed with it; "": none
	read    func() (metered, error)
}

func (s *server) stop() {
	_ = s.process.Kill()
	_, _ = s.process.Wait()
	if s.dir != "" {
		_ = os.RemoveAll(s.dir)
	}
}

// settled is what the server counted since it was last asked, once it counts no more.
func (s *server) settled() (metered, error) {
	var all metered
	for {
		now, err := s.read()
		if err != nil {
			return all, fmt.Errorf("ask %s for its count: %w", s.name, err)
		}
		if now.Requests == 0 {
			return all, nil
		}
		if all.Requests == 0 {
			all.P50MS, all.P99MS = now.P50MS, now.P99MS
		}
		all.Requests += now.Requests
		time.Sleep(50 * time.Millisecond)
	}
}

// own starts this program as a server.
func own(name string, args ...string) (*server, error) {
	process, port, err := startSelf(args...)
	if err != nil {
		return nil, err
	}
	address := "http://127.0.0.1:" + port
	return &server{name: name, url: address + "/hello", process: process, read: func() (metered, error) { return readMetered(address) }}, nil
}

// startSelf starts this program in a role whose first line is its port.
func startSelf(args ...string) (*os.Process, string, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, "", err
	}
	command := exec.Command(self, args...)
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, "", err
	}
	if err := command.Start(); err != nil {
		return nil, "", err
	}
	port, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return nil, "", errors.New("the server did not start")
	}
	return command.Process, strings.TrimSpace(port), nil
}

// startNginx starts nginx, which counts by a module of its own.
func startNginx() (*server, error) {
	path, err := exec.LookPath("nginx")
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "crosscheck")
	if err != nil {
		return nil, err
	}
	free, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	address := free.Addr().String()
	free.Close()
	config := fmt.Sprintf(`worker_processes 1; daemon off; master_process off; pid %[1]s/pid; error_log %[1]s/error;
events { worker_connections 1024; }
http { access_log off; keepalive_requests 100000000; client_body_temp_path %[1]s/a; proxy_temp_path %[1]s/b;
fastcgi_temp_path %[1]s/c; uwsgi_temp_path %[1]s/d; scgi_temp_path %[1]s/e;
server { listen %[2]s; location /metered { stub_status; }
location / { default_type application/json; return 200 '{"name":"nginx","releaseYear":2026}'; } } }`, dir, address)
	file := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(file, []byte(config), 0o644); err != nil {
		return nil, err
	}
	command := exec.Command(path, "-c", file)
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := command.Start(); err != nil {
		return nil, err
	}
	one := &server{name: "nginx", url: "http://" + address + "/hello", process: command.Process, dir: dir}
	var before uint64
	one.read = func() (metered, error) {
		total, err := nginxRequests("http://" + address + "/metered")
		if err != nil {
			return metered{}, err
		}
		now := metered{Requests: total - before - 1} // less this one
		before = total
		return now, nil
	}
	limit, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	for {
		if _, err = one.settled(); err == nil {
			return one, nil
		}
		if limit.Err() != nil {
			one.stop()
			return nil, err
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// nginxRequests is the third number of the third line that stub_status tells.
func nginxRequests(address string) (uint64, error) {
	reply, err := http.Get(address)
	if err != nil {
		return 0, err
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(text), "requests\n")
	var accepts, handled, requests uint64
	if _, err := fmt.Sscan(rest, &accepts, &handled, &requests); err != nil {
		return 0, fmt.Errorf("nginx tells no count: %q", text)
	}
	return requests, nil
}
