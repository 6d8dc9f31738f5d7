//go:build contract_tools

package main

import (
	_ "github.com/HdrHistogram/hdrhistogram-go"
	_ "github.com/NimbleMarkets/ntcharts/canvas"
	_ "github.com/NimbleMarkets/ntcharts/linechart/timeserieslinechart"
	_ "github.com/agext/levenshtein"
	_ "github.com/charmbracelet/bubbles/viewport"
	_ "github.com/charmbracelet/bubbletea"
	_ "github.com/charmbracelet/lipgloss"
	_ "github.com/charmbracelet/x/ansi"
	_ "github.com/charmbracelet/x/exp/teatest"
	_ "github.com/creack/pty"
	_ "github.com/goccy/go-yaml"
	_ "github.com/muesli/termenv"
	_ "github.com/santhosh-tekuri/jsonschema/v6"
	_ "github.com/shirou/gopsutil/v3/process"
	_ "github.com/spf13/cobra"
	_ "golang.org/x/mod/semver"
	_ "golang.org/x/sys/unix"
	_ "golang.org/x/term"
)
