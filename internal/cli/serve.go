package cli

import (
	"log"
	"os"

	"github.com/spf13/cobra"

	"github.com/benchtui/benchtui/frameworks/contenders/golang/server"
)

// serveCommand is the built-in contender: what golang runs as where Go is not installed.
func serveCommand() *cobra.Command {
	var port int
	command := &cobra.Command{
		Use:    "serve-golang",
		Short:  "Serve the contender golang from this program",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			log.SetOutput(os.Stderr) // here it is the server's own
			if err := server.Serve(port); err != nil {
				return exitError{ExitNotMeasured, err}
			}
			return nil
		},
	}
	command.Flags().IntVar(&port, "port", 8080, "port to listen on")
	return command
}
