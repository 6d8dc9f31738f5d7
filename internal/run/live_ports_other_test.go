//go:build unix && !linux

package run

import "errors"

func narrowPorts(int) error { return errors.New("only Linux has networks of their own") }
