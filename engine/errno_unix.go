//go:build unix

package engine

import (
	"errors"
	"syscall"
)

func isNoDescriptors(err error) bool {
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE)
}

func isNoPorts(err error) bool { return errors.Is(err, syscall.EADDRNOTAVAIL) }

func isRefused(err error) bool { return errors.Is(err, syscall.ECONNREFUSED) }

func isReset(err error) bool { return errors.Is(err, syscall.ECONNRESET) }
