// Package flagname has the names of the command line's flags for sentences that advise
// one: nobody below the command line writes them out. Its tests hold every name against
// the flags that there are.
package flagname

const (
	CheckBody    = "--check-body"
	CheckJSON    = "--check-json"
	Cmd          = "--cmd"
	Connections  = "--connections"
	Duration     = "--duration"
	ExpectStatus = "--expect-status"
	FailIf       = "--fail-if"
	HTTP2        = "--http2"
	HTTPCache    = "--http-cache"
	Insecure     = "--insecure"
	LoadCPUs     = "--load-cpus"
	NoProbes     = "--no-probes"
	PID          = "--pid"
	Path         = "--path"
	Port         = "--port"
	Probe        = "--probe"
	ProfileOf    = "--profile-of"
	RankBy       = "--rank-by"
	Rounds       = "--rounds"
	Seed         = "--seed"
	ServerCPUs   = "--server-cpus"
	StartTimeout = "--start-timeout"
	Tiers        = "--tiers"
	Timeout      = "--timeout"
	URL          = "--url"
	Users        = "--users"
	Warmup       = "--warmup"
	Why          = "--why"
)

// Flags that are known better by one letter.
const (
	ShortConnections = "-c"
	ShortDuration    = "-z"
	ShortHeader      = "-H"
	ShortRate        = "-q"
	ShortWorkload    = "-w"
)
