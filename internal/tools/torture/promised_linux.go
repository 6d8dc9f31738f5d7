package main

import (
	"fmt"
	"strings"
)

// promised is what is to be survived, word by word: each has a fault that is tried for it.
var promised = []struct{ of, words string }{
	{"a server", "crash, hang, no accept, half-open, slow drip, endless body, huge body, endless headers, huge headers, malformed reply, random close, random reset," +
		"wrong answers, changing answers, 503 then fine, leak to the limit, forks without end, daemon, ignored signals, port kept by a grandchild, closed stdio," +
		"loud logs, binary logs, escape sequences, TLS garbage, half a TLS handshake, HTTP/2 flood, HTTP/2 bomb, HTTP/2 form, GOAWAY"},
	{"benchtui itself", "INT, TERM, HUP, QUIT, KILL, STOP and CONT, TSTP, terminal closed, broken pipe, blocked output, full disk under a recording, full disk under a report, full disk under the cache," +
		"full disk under the log, /dev/full, resize storm, panic in every goroutine, two instances on one build, deleted working directory, clock stepped on, clock stepped back"},
	{"the machine", "descriptors exhausted, ports exhausted, no network, one core, little memory, no /proc, hidepid, no /tmp, another user, foreign folders, PID 1 among strangers," +
		"10000 connections, no UTF-8, TERM dumb, TERM unset, no terminal size, no home"},
	{"files from outside", "recording, result, manifest, scenario, configuration, body file, gzip bomb, YAML bomb, deep nesting, NaN, duplicate keys, symlinks, path outside the folder"},
}

func words(of string) (all []string) {
	for word := range strings.SplitSeq(of, ",") {
		all = append(all, strings.TrimSpace(word))
	}
	return all
}

// printPromises names for each word the faults that are tried for it.
func printPromises(faults []fault) {
	for _, promise := range promised {
		fmt.Println(promise.of)
		for _, word := range words(promise.words) {
			fmt.Printf("  %s\n", word)
			for _, one := range faults {
				if one.noun == word {
					fmt.Printf("      %s\n", one.name)
				}
			}
		}
	}
}
