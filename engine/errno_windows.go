package engine

import (
	"errors"

	"golang.org/x/sys/windows"
)

func isNoDescriptors(err error) bool { return errors.Is(err, windows.WSAEMFILE) }

// isNoPorts: Windows tells of a lack of ports in three ways.
func isNoPorts(err error) bool {
	return errors.Is(err, windows.WSAEADDRINUSE) || errors.Is(err, windows.WSAEADDRNOTAVAIL) || errors.Is(err, windows.WSAENOBUFS)
}

func isRefused(err error) bool { return errors.Is(err, windows.WSAECONNREFUSED) }

func isReset(err error) bool {
	return errors.Is(err, windows.WSAECONNRESET) || errors.Is(err, windows.WSAECONNABORTED)
}
