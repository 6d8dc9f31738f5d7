package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
	"github.com/spf13/pflag"

	"github.com/benchtui/benchtui/internal/files"
)

func manCommand(root *cobra.Command) *cobra.Command {
	var dir string
	command := &cobra.Command{
		Use:   "man [COMMAND]",
		Short: "Print a manual page, or write all of them",
		Example: `  benchtui man | man -l -
  benchtui man run | man -l -
  benchtui man --dir ~/.local/share/man/man1`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(command *cobra.Command, args []string) error {
			if dir != "" {
				if len(args) > 0 {
					return usage(errors.New("--dir writes the pages of all commands; leave the command out"))
				}
				return writeManPages(root, dir)
			}
			of, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				message := fmt.Sprintf("no command %q; see benchtui --help", args[0])
				if near := root.SuggestionsFor(args[0]); len(near) > 0 {
					message = fmt.Sprintf("no command %q; did you mean %s?", args[0], near[0])
				}
				return usage(errors.New(message))
			}
			page, err := manPage(of)
			if err == nil {
				_, err = command.OutOrStdout().Write(page)
			}
			return err
		},
	}
	command.Flags().StringVar(&dir, "dir", "", "write a page for every command into this directory")
	return command
}

// manPage is the manual page of a command, the same on every day.
func manPage(of *cobra.Command) ([]byte, error) {
	// The page is made from Markdown, which would take p99<50ms for a tag.
	const less = "&lt;"
	of.Flags().VisitAll(func(flag *pflag.Flag) {
		flag.DefValue = strings.ReplaceAll(flag.DefValue, "<", less)
	})
	never := time.Unix(0, 0)
	of.DisableAutoGenTag = true
	var page bytes.Buffer
	err := doc.GenMan(of, &doc.GenManHeader{Section: "1", Source: "benchtui " + version, Manual: "benchtui", Date: &never}, &page)
	if err != nil {
		return nil, fmt.Errorf("make the manual page of %s: %w", of.CommandPath(), err)
	}
	return bytes.ReplaceAll(page.Bytes(), []byte(less), []byte("<")), nil
}

// writeManPages writes benchtui.1, benchtui-run.1 and so on.
func writeManPages(of *cobra.Command, dir string) error {
	page, err := manPage(of)
	if err != nil {
		return err
	}
	path := filepath.Join(dir, strings.ReplaceAll(of.CommandPath(), " ", "-")+".1")
	if err := errors.Join(os.MkdirAll(dir, 0o755), files.Write(context.Background(), path, page)); err != nil {
		return fmt.Errorf("write the manual page: %w; choose another place by --dir", err)
	}
	for _, sub := range of.Commands() {
		if !sub.IsAvailableCommand() {
			continue
		}
		if err := writeManPages(sub, dir); err != nil {
			return err
		}
	}
	return nil
}
