// Package server is the contender golang: one route on net/http with the
// defaults of the standard library. It is compiled as a program of its own where
// Go is installed, and into benchtui for where it is not; it must import nothing
// but the standard library.
package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// applicationInfo is the reply.
type applicationInfo struct {
	Name        string `json:"name"`
	ReleaseYear int    `json:"releaseYear"`
}

// Handler answers GET /hello, and 404 elsewhere.
func Handler() http.Handler {
	routes := http.NewServeMux()
	routes.HandleFunc("/hello", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		// A failed write means that the client is gone; nobody is left to tell.
		_ = json.NewEncoder(w).Encode(applicationInfo{Name: "golang", ReleaseYear: time.Now().Year()})
	})
	return routes
}

// grace is how long replies under way may take once the server was told to end.
const grace = time.Second

// Serve listens on the TCP port until SIGTERM or an interrupt, then lets the
// replies under way go out and returns.
func Serve(port int) error {
	if port < 1 || port > 65535 {
		return fmt.Errorf("port %d: give --port a number from 1 to 65535", port)
	}
	ctx, release := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer release()
	server := &http.Server{Addr: fmt.Sprintf(":%d", port), Handler: Handler()}
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		<-ctx.Done()
		deadline, cancel := context.WithTimeout(context.Background(), grace)
		defer cancel()
		if server.Shutdown(deadline) != nil {
			_ = server.Close()
		}
	}()
	log.Printf("Golang server starts on port %d", port)
	err := server.ListenAndServe()
	release()
	<-stopped
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
