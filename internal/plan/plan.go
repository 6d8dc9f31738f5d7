package plan

import "time"

// between is about what starting and stopping a contender takes.
const between = time.Second
