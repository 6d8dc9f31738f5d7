package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// table prints what came of all, and says whether all is well.
func table(rows []*row, starts int, took time.Duration) bool {
	fmt.Printf("%-56s %5s  %-26s %8s %5s  %s\n", "fault", "tried", "exit codes", "longest", "MB", "outcome")
	failed, notTried := 0, 0
	for _, one := range rows {
		var codes []string
		for _, code := range slices.Sorted(maps.Keys(one.codes)) {
			codes = append(codes, fmt.Sprintf("%d×%d", code, one.codes[code]))
		}
		outcome := "survived"
		switch {
		case len(one.troubles) > 0:
			outcome = fmt.Sprintf("FAILED %d times", len(one.troubles))
			failed++
		case one.notTried != "":
			outcome = "NOT TRIED: " + one.notTried
			notTried++
		}
		fmt.Printf("%-56s %5d  %-26s %7.1fs %5d  %s\n", one.fault.name, one.tried, strings.Join(codes, " "), one.longest.Seconds(), one.memory>>20, outcome)
		for i, trouble := range one.troubles {
			if i < 12 {
				fmt.Printf("    %.700s\n", strings.ReplaceAll(trouble, "\n", "\n    "))
			}
		}
	}
	fmt.Printf("%d faults, %d failed, %d not tried; %d starts in %s\n", len(rows), failed, notTried, starts, took.Round(time.Second))
	return failed == 0
}
