// Command licences writes docs/licences.md: the modules that the program is linked with on
// any platform of a release, and under what licence each is.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	out := flag.String("out", "docs/licences.md", "the file that is written")
	flag.Parse()
	text, err := page([]string{"linux/amd64", "darwin/arm64", "windows/amd64"})
	if err == nil {
		err = os.WriteFile(*out, text, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
}

// module is one that is linked.
type module struct {
	Path, Version, Dir string
	Main               bool
}

// page is the list as Markdown.
func page(platforms []string) ([]byte, error) {
	found := map[string]module{}
	for _, platform := range platforms {
		if err := linked(platform, found); err != nil {
			return nil, err
		}
	}
	var all []module
	for _, one := range found {
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b module) int { return strings.Compare(a.Path, b.Path) })
	var text bytes.Buffer
	text.WriteString("# Licences of what benchtui is linked with\n\nWritten by `make licences`; do not edit. benchtui itself: see [LICENSE](../LICENSE).\n\n| module | version | licence |\n|---|---|---|\n")
	for _, one := range all {
		licence, err := licenceOf(one.Dir)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", one.Path, err)
		}
		fmt.Fprintf(&text, "| %s | %s | %s |\n", one.Path, one.Version, licence)
	}
	return text.Bytes(), nil
}

func linked(platform string, found map[string]module) error {
	system, machine, _ := strings.Cut(platform, "/")
	cmd := exec.Command("go", "list", "-deps", "-json=Module", ".")
	root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return err
	}
	cmd.Dir = strings.TrimSpace(string(root))
	cmd.Env = append(os.Environ(), "GOOS="+system, "GOARCH="+machine, "CGO_ENABLED=0")
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("go list for %s: %w", platform, err)
	}
	for packages := json.NewDecoder(bytes.NewReader(out)); ; {
		var one struct{ Module *module }
		switch err := packages.Decode(&one); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		if one.Module != nil && !one.Module.Main {
			found[one.Module.Path] = *one.Module
		}
	}
}

// marks tell licences by words that stand in no other, the more particular first.
var marks = []struct{ words, name string }{
	{"Apache License", "Apache-2.0"},
	{"Mozilla Public License", "MPL-2.0"},
	{"GNU AFFERO GENERAL PUBLIC LICENSE", "AGPL"},
	{"GNU LESSER GENERAL PUBLIC LICENSE", "LGPL"},
	{"GNU GENERAL PUBLIC LICENSE", "GPL"},
	{"Neither the name", "BSD-3-Clause"},
	{"Redistribution and use in source and binary forms", "BSD-2-Clause"},
	{"Permission is hereby granted, free of charge", "MIT"},
	{"Permission to use, copy, modify, and/or distribute", "ISC"},
	{"Permission to use, copy, modify, and distribute", "ISC"},
}

func licenceOf(folder string) (string, error) {
	for _, pattern := range []string{"LICENSE*", "LICENCE*", "License*", "COPYING*", "license*"} {
		files, _ := filepath.Glob(filepath.Join(folder, pattern))
		for _, path := range files {
			text, err := os.ReadFile(path)
			if err != nil {
				continue
			}
			plain := strings.Join(strings.Fields(string(text)), " ")
			for _, mark := range marks {
				if strings.Contains(plain, mark.words) {
					return mark.name, nil
				}
			}
		}
	}
	// Some say it in what is to be read first alone.
	readme, err := os.ReadFile(filepath.Join(folder, "README.md"))
	if _, after, found := strings.Cut(string(readme), "## License"); err == nil && found {
		if words := strings.Fields(after); len(words) > 0 && words[0] == "MIT" {
			return "MIT (as its README says)", nil
		}
	}
	return "", errors.New("no licence that is known")
}
