package main

import (
	"context"
	_ "embed"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/benchtui/benchtui/procs"
)

// program is a server that answers with a page of JSON, as a person would begin it.
type program struct {
	command string // the port as {port}, its file as {file}, benchtui as {benchtui}
	file    string // its name
	text    string
	probe   bool
	warming time.Duration // how long it runs under the load before anything is measured
}

// These are small on purpose: what a profiler costs is seen best beside little.
var (
	golang = program{warming: 3 * time.Second, command: "{benchtui} serve-golang --port {port}"}
	node   = program{warming: 4 * time.Second, command: "node {file} {port}", file: "server.js", probe: true, text: `
require('http').createServer(function handler(request, reply) {
  reply.end(JSON.stringify({ name: 'node', items: Array.from({ length: 20 }, (_, id) => ({ id, name: 'item ' + id })) }));
}).listen(Number(process.argv[2]), '127.0.0.1');
`}
	java = program{warming: 15 * time.Second, command: "java -Dsun.net.httpserver.nodelay=true {file} {port}", file: "Server.java", text: `
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

public class Server {
    public static void main(String[] args) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])), 512);
        server.setExecutor(Executors.newFixedThreadPool(4));
        server.createContext("/", exchange -> {
            StringBuilder items = new StringBuilder("{\"name\":\"java\",\"items\":[");
            for (int id = 0; id < 20; id++) {
                items.append(id == 0 ? "" : ",").append("{\"id\":").append(id).append(",\"name\":\"item ").append(id).append("\"}");
            }
            byte[] body = items.append("]}").toString().getBytes();
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }
}
`}
	python = program{warming: 2 * time.Second, command: "python3 {file} {port}", file: "server.py", text: `
import asyncio, json, sys

def page():
    return json.dumps({'name': 'python', 'items': [{'id': i, 'name': 'item %d' % i} for i in range(20)]}).encode()

class Handler(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
    def data_received(self, data):
        for _ in range(data.count(b'\r\n\r\n')):
            body = page()
            self.transport.write(b'HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n' % len(body) + body)

async def main():
    server = await asyncio.get_running_loop().create_server(Handler, '127.0.0.1', int(sys.argv[1]))
    await server.serve_forever()

asyncio.run(main())
`}
)

// server is one that runs.
type server struct {
	child  *procs.Child
	url    string
	folder string
}

// words are the command's, with a port and in a folder.
func (p program) words(binary, folder string, port string) ([]string, error) {
	binary, err := filepath.Abs(binary)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(folder, p.file)
	if p.text != "" {
		if err := os.WriteFile(file, []byte(p.text), 0o600); err != nil {
			return nil, err
		}
	}
	words := strings.Fields(p.command)
	for i := range words {
		words[i] = strings.NewReplacer("{port}", port, "{file}", file, "{benchtui}", binary).Replace(words[i])
	}
	return words, nil
}

// start starts it and waits until it listens.
func (p program) start(binary string) (*server, error) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("find a free port: %w", err)
	}
	address := free.Addr().String()
	free.Close()
	s := &server{url: "http://" + address + "/hello"}
	if s.folder, err = os.MkdirTemp("", "profilecost-"); err != nil {
		return nil, err
	}
	_, port, _ := net.SplitHostPort(address)
	words, err := p.words(binary, s.folder, port)
	if err == nil {
		s.child, err = procs.Start(procs.Command{Path: words[0], Args: words[1:], EventLoop: p.probe})
	}
	if err != nil {
		s.end()
		return nil, err
	}
	for limit := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if connection, err := net.Dial("tcp", address); err == nil {
			connection.Close()
			return s, nil
		}
		select {
		case <-s.child.Done():
			err = fmt.Errorf("%s ended: %q", words[0], s.child.LastLines(3))
		default:
			if time.Now().Before(limit) {
				continue
			}
			err = fmt.Errorf("%s does not listen on port %s: %q", words[0], port, s.child.LastLines(3))
		}
		s.end()
		return nil, err
	}
}

func (s *server) end() {
	if s.child != nil {
		_ = s.child.Stop(context.Background(), time.Second)
	}
	_ = os.RemoveAll(s.folder)
}
