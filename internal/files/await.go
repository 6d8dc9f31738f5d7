package files

import (
	"context"
	"errors"
	"fmt"

	"github.com/benchtui/benchtui/internal/crash"
)

// Await is what a call returns, or the error of ctx if that ends first. A call that
// waits for the other end of a pipe, or reads what never ends, can't be called off:
// it is left behind, for a program that ends.
func Await[T any](ctx context.Context, call func() (T, error)) (T, error) {
	type outcome struct {
		value T
		err   error
	}
	ended := make(chan outcome, 1)
	crash.Go(func() {
		value, err := call()
		ended <- outcome{value, err}
	})
	select {
	case o := <-ended:
		return o.value, o.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// Waiting says what was waited for, where that was called off.
func Waiting(err error, doing string) error {
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("%s: %w: nothing took it", doing, err)
	}
	return err
}
