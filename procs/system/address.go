package system

import (
	"cmp"
	"net"
	"slices"
	"strconv"
)

// Address is where a socket listens.
type Address struct {
	IP   net.IP // nil: on every address
	Port int
	Path string // of a unix socket, which has neither; "@name" of an abstract one
}

// String writes it as people pass it: "127.0.0.1:8080", "[::1]:8080", "*:8080".
func (a Address) String() string {
	if a.Path != "" {
		return "the unix socket " + a.Path
	}
	if a.IP == nil {
		return "*:" + strconv.Itoa(a.Port)
	}
	return net.JoinHostPort(a.IP.String(), strconv.Itoa(a.Port))
}

// Serves says whether it listens on an address as such. Whether a socket of IPv6
// takes connections of IPv4 too can't be seen.
func (a Address) Serves(ip net.IP) bool {
	return a.Path == "" && (a.IP == nil || a.IP.Equal(ip) || a.IP.IsUnspecified() && (a.IP.To4() != nil) == (ip.To4() != nil))
}

// sorted puts addresses in order, each once.
func sorted(addresses []Address) []Address {
	slices.SortFunc(addresses, func(a, b Address) int {
		return cmp.Or(cmp.Compare(a.Port, b.Port), cmp.Compare(a.String(), b.String()))
	})
	return slices.CompactFunc(addresses, func(a, b Address) bool { return a.String() == b.String() })
}
