//go:build !linux

package profile

import (
	"context"
	"runtime"

	prof "github.com/benchtui/benchtui/internal/profile"
)

func notHere() *Refusal {
	return &Refusal{Reason: NotHere, What: "servers are profiled from outside on Linux only, and this is " + runtime.GOOS}
}

// Check says what this machine lets be seen: nothing.
func Check() Ability { return Ability{Refused: notHere(), Kernel: notHere()} }

// Take refuses.
func Take(_ context.Context, target Target) (*prof.Profile, error) {
	if _, err := target.withDefaults(); err != nil {
		return nil, err
	}
	return nil, notHere()
}
