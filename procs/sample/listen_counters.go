package sample

// listenCounters are the kernel's, of the whole network namespace of a process,
// sinceAll the machine began.
type listenCounters struct {
	overflows  float64 // connections that found an accept queue full
	drops      float64 // those, and what else was dropped on its way into one
	synRetries float64 // first packets of connections that were sent again, for want of an answer
}
