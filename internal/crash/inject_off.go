//go:build !injectpanics

package crash

func injected() func() { return func() {} }
