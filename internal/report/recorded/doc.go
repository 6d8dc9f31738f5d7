// Package recorded makes the runs that the tests of reports tell of, and holds what is
// written against golden files. Only tests import it.
package recorded
