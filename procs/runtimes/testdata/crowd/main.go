// Command crowd is a server's scheduler under stress, for the tests: with GOMAXPROCS=1,
// of 300 goroutines that want to run one does. It imports nothing, so that it is built
// in no time, in any way.
package main

func main() {
	for range 300 {
		go func() {
			for {
			}
		}()
	}
	println("ready")
	select {}
}
