// Package traffic is what a load is made of: how much is sent and when, what is asked,
// and when a reply is good. Values that the engine sends by, and whoever plans a load
// writes.
package traffic
