package system

import (
	"encoding/binary"
	"strconv"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/benchtui/benchtui/internal/figure"
)

// The kernel's socket diagnostics, linux/inet_diag.h.
const (
	diagByFamily     = 20 // SOCK_DIAG_BY_FAMILY
	establishedState = 1  // TCP_ESTABLISHED
	listenState      = 10 // TCP_LISTEN
	requestLength    = 56 // struct inet_diag_req_v2
	messageLength    = 72 // struct inet_diag_msg
	sportOffset      = 4  // idiag_sport in struct inet_diag_msg, after family, state, timer, retrans
	rqueueOffset     = 56 // idiag_rqueue
	wqueueOffset     = 60 // idiag_wqueue
	uidOffset        = 64
	inodeOffset      = 68
	tcpInfo          = 2 // INET_DIAG_INFO, as an attribute; asked for by the bit below it
)

// socketDiag asks the kernel about sockets. Nobody needs a privilege for that.
type socketDiag int

func openSocketDiag() (socketDiag, bool) {
	socket, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_INET_DIAG)
	if err != nil {
		return 0, false
	}
	// A kernel without an answer must not hold up the sampling.
	_ = unix.SetsockoptTimeval(socket, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Usec: 100_000})
	return socketDiag(socket), true
}

func (s socketDiag) close() { unix.Close(int(s)) }

// each visits the TCP sockets, of either family, that are in the state and have the
// port at this end: struct inet_diag_msg and the attributes after it.
func (s socketDiag) each(state, port int, info bool, visit func(message []byte)) {
	for _, family := range []byte{unix.AF_INET, unix.AF_INET6} {
		s.family(family, state, port, info, visit)
	}
}

func (s socketDiag) family(family byte, state, port int, info bool, visit func(message []byte)) {
	body := make([]byte, requestLength)
	body[0] = family
	body[1] = unix.IPPROTO_TCP
	if info {
		body[2] = 1 << (tcpInfo - 1)
	}
	binary.NativeEndian.PutUint32(body[4:], 1<<state)
	binary.BigEndian.PutUint16(body[8:], uint16(port)) // id.idiag_sport
	s.dump(body, func(message []byte) {
		if len(message) >= messageLength && binary.BigEndian.Uint16(message[sportOffset:]) == uint16(port) {
			visit(message)
		}
	})
}

// dump asks for all sockets that the body describes, and visits what the kernel says.
func (s socketDiag) dump(body []byte, visit func(message []byte)) {
	request := make([]byte, unix.SizeofNlMsghdr, unix.SizeofNlMsghdr+len(body))
	header := (*unix.NlMsghdr)(unsafe.Pointer(&request[0]))
	header.Len = uint32(cap(request))
	header.Type = diagByFamily
	header.Flags = unix.NLM_F_REQUEST | unix.NLM_F_DUMP
	request = append(request, body...)
	if unix.Sendto(int(s), request, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}) != nil {
		return
	}
	buffer := make([]byte, 16<<10)
	for {
		n, _, err := unix.Recvfrom(int(s), buffer, 0)
		if err != nil || n < unix.SizeofNlMsghdr {
			return
		}
		for rest := buffer[:n]; len(rest) >= unix.SizeofNlMsghdr; {
			header := (*unix.NlMsghdr)(unsafe.Pointer(&rest[0]))
			if header.Type == unix.NLMSG_DONE || header.Type == unix.NLMSG_ERROR || int(header.Len) > len(rest) || header.Len < unix.SizeofNlMsghdr {
				return
			}
			visit(rest[unix.SizeofNlMsghdr:header.Len])
			rest = rest[min((int(header.Len)+unix.NLMSG_ALIGNTO-1)&^(unix.NLMSG_ALIGNTO-1), len(rest)):]
		}
	}
}

// ListenSocket is a socket that listens.
type ListenSocket struct {
	Inode, UID    uint32
	Length, Limit float64 // of its accept queue
}

// ListenSockets are those that listen on the port. Of a listening socket the kernel
// gives the accept queue as receive queue, its limit as send queue.
func ListenSockets(port int) (all []ListenSocket, ok bool) {
	diag, ok := openSocketDiag()
	if !ok {
		return nil, false
	}
	defer diag.close()
	diag.each(listenState, port, false, func(message []byte) {
		field := func(at int) uint32 { return binary.NativeEndian.Uint32(message[at:]) }
		all = append(all, ListenSocket{
			Inode: field(inodeOffset), UID: field(uidOffset),
			Length: float64(field(rqueueOffset)), Limit: float64(field(wqueueOffset)),
		})
	})
	return all, true
}

// HeldReplies counts the connections of the port on which a server has written a
// piece that the kernel does not send: it is less than a segment, and the piece before
// it is not acknowledged yet, which is Nagle's rule (RFC 896).
func HeldReplies(port int) figure.Value {
	diag, ok := openSocketDiag()
	if !ok {
		return figure.Value{}
	}
	defer diag.close()
	held := 0.0
	diag.each(establishedState, port, true, func(message []byte) {
		info, ok := infoOf(message[messageLength:])
		if ok && info.Notsent_bytes > 0 && info.Notsent_bytes < info.Snd_mss && info.Unacked > 0 {
			held++
		}
	})
	return figure.Of(held)
}

// infoOf finds struct tcp_info among a message's attributes.
func infoOf(attributes []byte) (info unix.TCPInfo, ok bool) {
	for len(attributes) >= unix.SizeofRtAttr {
		length := int(binary.NativeEndian.Uint16(attributes))
		if length < unix.SizeofRtAttr || length > len(attributes) {
			return info, false
		}
		if binary.NativeEndian.Uint16(attributes[2:]) == tcpInfo {
			// An older kernel's is shorter, and ends before what is missing.
			const needed = unsafe.Offsetof(info.Notsent_bytes) + unsafe.Sizeof(info.Notsent_bytes)
			value := attributes[unix.SizeofRtAttr:length]
			if len(value) < int(needed) {
				return info, false
			}
			copy(unsafe.Slice((*byte)(unsafe.Pointer(&info)), unsafe.Sizeof(info)), value)
			return info, true
		}
		attributes = attributes[min((length+3)&^3, len(attributes)):]
	}
	return info, false
}

// UnixPeers is the other end's inode, by a Unix socket's own; linux/unix_diag.h.
func UnixPeers() map[string]string {
	const (
		requestLength, messageLength = 24, 16
		inodeOffset                  = 4
		showPeer, peer               = 4, 2 // UDIAG_SHOW_PEER, UNIX_DIAG_PEER
	)
	diag, ok := openSocketDiag()
	if !ok {
		return nil
	}
	defer diag.close()
	body := make([]byte, requestLength)
	body[0] = unix.AF_UNIX
	binary.NativeEndian.PutUint32(body[4:], ^uint32(0)) // every state
	binary.NativeEndian.PutUint32(body[12:], showPeer)
	found := map[string]string{}
	diag.dump(body, func(message []byte) {
		if len(message) < messageLength {
			return
		}
		inode := binary.NativeEndian.Uint32(message[inodeOffset:])
		for rest := message[messageLength:]; len(rest) >= unix.SizeofRtAttr; {
			length := int(binary.NativeEndian.Uint16(rest))
			if length < unix.SizeofRtAttr || length > len(rest) {
				return
			}
			if binary.NativeEndian.Uint16(rest[2:]) == peer && length >= unix.SizeofRtAttr+int(unsafe.Sizeof(inode)) {
				other := binary.NativeEndian.Uint32(rest[unix.SizeofRtAttr:])
				found[strconv.FormatUint(uint64(inode), 10)] = strconv.FormatUint(uint64(other), 10)
			}
			rest = rest[min((length+3)&^3, len(rest)):]
		}
	})
	return found
}
