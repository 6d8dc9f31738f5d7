// Package proctest starts children for the tests of processes: the test's own binary, which
// does one thing each time. Only tests import it.
package proctest
