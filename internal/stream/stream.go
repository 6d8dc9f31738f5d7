package stream

// Sink consumes a run's events. It is called in order, one event at a time, and
// must not wait: what may be slow reads from a Queue.
type Sink func(Event)
