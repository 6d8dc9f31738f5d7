package main

import (
	"bytes"
	"fmt"
	"net"
	"runtime"
	"strconv"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// reply is what the server answers to everything, as a small contender would.
const reply = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 38\r\n\r\n" +
	`{"name":"bench","releaseYear":  2026 }`

// serve is the cheapest server there is in Go: one thread, one epoll, one fixed
// reply for each empty line that ends a request. It never returns without an error.
// With a witness it also takes, by its own clocks, how long each reply took.
func serve(port int, witness *witness) error {
	runtime.LockOSThread()
	listener, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port})
	if err != nil {
		return err
	}
	file, err := listener.File()
	if err != nil {
		return err
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	listening := int(file.Fd())
	if err := unix.SetNonblock(listening, true); err != nil {
		return err
	}
	if err := unix.Listen(listening, 4096); err != nil {
		return err
	}
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return err
	}
	watch := func(fd int) error {
		return unix.EpollCtl(epoll, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(fd)})
	}
	if err := watch(listening); err != nil {
		return err
	}
	// Unreferenced, the listener and its copy would be closed by the garbage collector.
	defer runtime.KeepAlive(listener)
	defer runtime.KeepAlive(file)
	events := make([]unix.EpollEvent, 512)
	buffer := make([]byte, 64<<10)
	out := []byte(reply)
	var requests uint64 // since it was last asked for them
	for {
		n, err := unix.EpollWait(epoll, events, -1)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return err
		}
		for _, event := range events[:n] {
			fd := int(event.Fd)
			if fd == listening {
				for {
					conn, _, err := unix.Accept4(listening, unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC)
					if err != nil {
						break
					}
					_ = unix.SetsockoptInt(conn, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
					witness.accepted(conn)
					_ = watch(conn)
				}
				continue
			}
			var got uintptr
			var errno syscall.Errno
			if witness != nil {
				got, errno = witness.read(fd, buffer)
			} else {
				got, _, errno = syscall.RawSyscall(unix.SYS_READ, uintptr(fd), uintptr(unsafe.Pointer(&buffer[0])), uintptr(len(buffer)))
			}
			if errno == syscall.EAGAIN {
				continue
			}
			if errno != 0 || got == 0 {
				_ = unix.Close(fd)
				continue
			}
			if bytes.HasPrefix(buffer[:got], []byte("GET /metered ")) {
				told := fmt.Sprintf(`{"Requests":%d,%s}`, requests, witness.times())
				requests = 0
				_, _ = unix.Write(fd, fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(told), told))
				continue
			}
			for range bytes.Count(buffer[:got], []byte("\r\n\r\n")) {
				requests++
				_, _, _ = syscall.RawSyscall6(unix.SYS_SENDTO, uintptr(fd), uintptr(unsafe.Pointer(&out[0])), uintptr(len(out)), unix.MSG_NOSIGNAL, 0, 0)
				witness.wrote()
			}
		}
	}
}

func portArgument(args []string) int {
	if len(args) == 0 {
		return 0
	}
	port, _ := strconv.Atoi(args[0])
	return port
}
