// Command golang is the contender golang: net/http of the standard library.
package main

import (
	"flag"
	"log"
	"os"
	"strconv"

	"github.com/benchtui/benchtui/frameworks/contenders/golang/server"
)

func main() {
	fallback, _ := strconv.Atoi(os.Getenv("PORT"))
	port := flag.Int("port", fallback, "TCP port to listen on; PORT in the environment if not given")
	flag.Parse()
	if err := server.Serve(*port); err != nil {
		log.Fatal(err)
	}
}
