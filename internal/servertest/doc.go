// Package servertest has a test's own binary be a server: one that is well, or one with a
// single fault that benchmarks meet, as its role and its options say. Only tests import it,
// and no measurement of ours is in it.
package servertest
