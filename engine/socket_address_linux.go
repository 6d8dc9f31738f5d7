package engine

import (
	"encoding/binary"
	"fmt"
	"net/netip"

	"golang.org/x/sys/unix"
)

// parseAddress reads ip:port.
func parseAddress(text string) (socketAddress, error) {
	at, err := netip.ParseAddrPort(text)
	if err != nil {
		return socketAddress{}, fmt.Errorf("the address %q: %w", text, err)
	}
	var address socketAddress
	ip := at.Addr().Unmap()
	binary.BigEndian.PutUint16(address.raw[2:], at.Port())
	if ip.Is4() {
		address.family, address.length = unix.AF_INET, unix.SizeofSockaddrInet4
		bytes := ip.As4()
		copy(address.raw[4:], bytes[:])
	} else {
		address.family, address.length = unix.AF_INET6, unix.SizeofSockaddrInet6
		bytes := ip.As16()
		copy(address.raw[8:], bytes[:])
		if zone := ip.Zone(); zone != "" {
			return socketAddress{}, fmt.Errorf("the address %q: a zone is not supported; use an address of global scope", text)
		}
	}
	binary.NativeEndian.PutUint16(address.raw[:], uint16(address.family))
	return address, nil
}
