// Package server is the contender golang: the routes of all on net/http with the
// defaults of the standard library. It is compiled as a program of its own where
// Go is installed, and into benchtui for where it is not; it must import nothing
// but the standard library.
package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

type applicationInfo struct {
	Name        string `json:"name"`
	ReleaseYear int    `json:"releaseYear"`
}

type item struct {
	ID      int    `json:"id"`
	Name    string `json:"name"`
	InStock bool   `json:"inStock"`
}

type work struct {
	Hash uint32 `json:"hash"`
}

// What the parameters may be at most, and a body in bytes.
const (
	maxItems  = 10_000
	maxWaitMS = 10_000
	maxRounds = 1_000_000_000
	maxBody   = 1 << 20
)

// Handler answers the routes that every contender has, and 404 elsewhere.
func Handler() http.Handler {
	routes := http.NewServeMux()
	routes.HandleFunc("/hello", hello)
	routes.HandleFunc("GET /json", func(w http.ResponseWriter, r *http.Request) {
		n, ok := parameter(w, r, "n", 50, maxItems)
		if !ok {
			return
		}
		items := make([]item, n)
		for i := range items {
			id := i + 1
			items[i] = item{ID: id, Name: fmt.Sprintf("item %d", id), InStock: id%2 == 0}
		}
		reply(w, items)
	})
	routes.HandleFunc("POST /echo", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
			http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
			return
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		w.Header()["Content-Type"] = r.Header["Content-Type"] // none if it came with none
		_, _ = w.Write(body)
	})
	routes.HandleFunc("GET /wait", func(w http.ResponseWriter, r *http.Request) {
		ms, ok := parameter(w, r, "ms", 20, maxWaitMS)
		if !ok {
			return
		}
		select {
		case <-time.After(time.Duration(ms) * time.Millisecond):
			hello(w, r)
		case <-r.Context().Done():
		}
	})
	routes.HandleFunc("GET /work", func(w http.ResponseWriter, r *http.Request) {
		if rounds, ok := parameter(w, r, "rounds", 1_000_000, maxRounds); ok {
			reply(w, work{Hash: fnv(rounds)})
		}
	})
	return routes
}

func hello(w http.ResponseWriter, _ *http.Request) {
	reply(w, applicationInfo{Name: "golang", ReleaseYear: time.Now().Year()})
}

func reply(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	// A failed write means that the client is gone; nobody is left to tell.
	_ = json.NewEncoder(w).Encode(body)
}

// parameter is a number from 0 to the greatest in the query; any other is answered with 400.
func parameter(w http.ResponseWriter, r *http.Request, name string, otherwise, greatest int) (value int, ok bool) {
	query := r.URL.Query()
	if !query.Has(name) {
		return otherwise, true
	}
	value, err := strconv.Atoi(query.Get(name))
	if err != nil || value < 0 || value > greatest {
		http.Error(w, fmt.Sprintf("%s: a number from 0 to %d", name, greatest), http.StatusBadRequest)
		return 0, false
	}
	return value, true
}

// fnv chains one multiplication after the other, so that its time is the processor's
// and not the compiler's: FNV-1a over 0, 1, 2 and so on.
func fnv(rounds int) uint32 {
	hash := uint32(2166136261)
	for i := range rounds {
		hash = (hash ^ uint32(i)) * 16777619
	}
	return hash
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
