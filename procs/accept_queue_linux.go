package procs

import (
	"encoding/binary"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The kernel's socket diagnostics, linux/inet_diag.h.
const (
	diagByFamily  = 20 // SOCK_DIAG_BY_FAMILY
	listenState   = 10 // TCP_LISTEN
	requestLength = 56 // struct inet_diag_req_v2
	messageLength = 72 // struct inet_diag_msg
	sportOffset   = 4  // idiag_sport in struct inet_diag_msg, after family, state, timer, retrans
	rqueueOffset  = 56 // idiag_rqueue
	wqueueOffset  = 60 // idiag_wqueue
)

// acceptQueue is how many connections wait to be accepted on the port, and how
// many may: of a listening socket the kernel gives them as receive and send
// queue. Sockets that share the port are added up.
func acceptQueue(port int) (length, limit Figure) {
	socket, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_INET_DIAG)
	if err != nil {
		return Figure{}, Figure{}
	}
	defer unix.Close(socket)
	// A kernel without an answer must not hold up the sampling.
	_ = unix.SetsockoptTimeval(socket, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Usec: 100_000})
	for _, family := range []byte{unix.AF_INET, unix.AF_INET6} {
		waiting, most, found := listeners(socket, family, port)
		if found {
			length = Of(length.Value + waiting)
			limit = Of(limit.Value + most)
		}
	}
	return length, limit
}

func listeners(socket int, family byte, port int) (waiting, most float64, found bool) {
	request := make([]byte, unix.SizeofNlMsghdr+requestLength)
	header := (*unix.NlMsghdr)(unsafe.Pointer(&request[0]))
	header.Len = uint32(len(request))
	header.Type = diagByFamily
	header.Flags = unix.NLM_F_REQUEST | unix.NLM_F_DUMP
	body := request[unix.SizeofNlMsghdr:]
	body[0] = family
	body[1] = unix.IPPROTO_TCP
	binary.NativeEndian.PutUint32(body[4:], 1<<listenState)
	binary.BigEndian.PutUint16(body[8:], uint16(port)) // id.idiag_sport
	if unix.Sendto(socket, request, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}) != nil {
		return 0, 0, false
	}
	buffer := make([]byte, 16<<10)
	for {
		n, _, err := unix.Recvfrom(socket, buffer, 0)
		if err != nil || n < unix.SizeofNlMsghdr {
			return waiting, most, found
		}
		for rest := buffer[:n]; len(rest) >= unix.SizeofNlMsghdr; {
			header := (*unix.NlMsghdr)(unsafe.Pointer(&rest[0]))
			if header.Type == unix.NLMSG_DONE || header.Type == unix.NLMSG_ERROR || int(header.Len) > len(rest) || header.Len < unix.SizeofNlMsghdr {
				return waiting, most, found
			}
			message := rest[unix.SizeofNlMsghdr:header.Len]
			if len(message) >= messageLength && binary.BigEndian.Uint16(message[sportOffset:]) == uint16(port) {
				found = true
				waiting += float64(binary.NativeEndian.Uint32(message[rqueueOffset:]))
				most += float64(binary.NativeEndian.Uint32(message[wqueueOffset:]))
			}
			rest = rest[min((int(header.Len)+unix.NLMSG_ALIGNTO-1)&^(unix.NLMSG_ALIGNTO-1), len(rest)):]
		}
	}
}
