package traffic

import (
	"math"
	"time"
)

// Model names how requests come about.
type Model string

const (
	// Closed: each connection sends its next request when the reply to the last is in.
	Closed Model = "closed"
	// Users: virtual users arrive evenly over a ramp; each opens a connection of
	// its own, sends its requests one after the other and closes.
	Users Model = "users"
	// Rate: requests are due at a constant arrival rate, sent over a pool of connections.
	Rate Model = "rate"
	// Ramp: as Rate, with the arrival rate moving linearly from Load.Rate to Load.RateTo.
	Ramp Model = "ramp"
)

// Header is one header line of a request, in the order and case it is sent.
type Header struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Request is what is sent, the same every time.
type Request struct {
	Method  string   `json:"method"` // "" is GET
	URL     string   `json:"url"`    // absolute: http://host:port/path?query, or https
	Headers []Header `json:"headers,omitempty"`
	Body    []byte   `json:"body,omitempty"`
	// HTTP2 sends the request by HTTP/2: over TLS if the URL is https, else by
	// prior knowledge. Each connection has one request under way at a time.
	HTTP2 bool `json:"http2,omitempty"`
	// Insecure takes any certificate of an https server.
	Insecure bool `json:"insecure,omitempty"`
}

// Checks say when a reply is OK. The zero value accepts every status below 400.
type Checks struct {
	Status       int    `json:"status,omitempty"`        // the status expected; 0: any below 400
	JSONField    string `json:"json_field,omitempty"`    // a field that the reply's top-level JSON object must have
	BodyContains string `json:"body_contains,omitempty"` // text that the body must contain
}

// Load is how much is sent, and when.
type Load struct {
	Model       Model         `json:"model"`
	Connections int           `json:"connections,omitempty"`  // closed, rate, ramp: the most connections open at once
	Duration    time.Duration `json:"duration_ns,omitempty"`  // closed, rate, ramp: how long requests are begun
	Requests    uint64        `json:"requests,omitempty"`     // closed, rate: stop after so many; 0: no limit but Duration
	Rate        float64       `json:"rate,omitempty"`         // rate, ramp: arrivals per second (at the start of a ramp)
	RateTo      float64       `json:"rate_to,omitempty"`      // ramp: arrivals per second at its end
	Users       int           `json:"users,omitempty"`        // users: how many arrive
	RampOver    time.Duration `json:"ramp_over_ns,omitempty"` // users: over what time they arrive, evenly
	Repeat      int           `json:"repeat,omitempty"`       // users: requests that each sends
	HTTPCache   bool          `json:"http_cache,omitempty"`   // users: each keeps a cache as a browser does and revalidates with If-None-Match
	Timeout     time.Duration `json:"timeout_ns,omitempty"`   // of a connect and of a reply, each; 0: DefaultTimeout
}

// Span is how long requests become due or are begun, as far as that is known before:
// until the last of a number that is due at a constant rate, or the last user's
// arrival. 0: until all are answered.
func (l Load) Span() time.Duration {
	if l.Model == Users {
		return l.RampOver
	}
	if l.Model == Rate && l.Rate > 0 && l.Requests > 0 {
		// Rounded up, so that the last one is in it.
		all := time.Duration(min(math.Ceil(float64(l.Requests)/l.Rate*float64(time.Second)), math.MaxInt64/2))
		if l.Duration == 0 || all < l.Duration {
			return all
		}
	}
	return l.Duration
}

// DefaultTimeout is how long a connect and a reply may each take.
const DefaultTimeout = 60 * time.Second
