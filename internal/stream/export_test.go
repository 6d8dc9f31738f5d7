package stream

// Kinds is how many kinds of events there are.
var Kinds = len(bodies)
