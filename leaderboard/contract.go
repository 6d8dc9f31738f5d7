package leaderboard

// Metric is a figure that contenders can be ranked by (--rank-by).
type Metric string

const (
	Mean          Metric = "mean"     // mean response time of OK replies, ms; the default
	MeanAll       Metric = "mean-all" // of all replies, OK and KO, as the article ranked
	P50           Metric = "p50"
	P99           Metric = "p99"
	RPS           Metric = "rps" // OK replies per second; higher is better
	CPUPerRequest Metric = "cpu-per-request"
	RSS           Metric = "rss"
	Startup       Metric = "startup"
)

// Entry is one contender's figures. A metric that is not in Values was not measured.
type Entry struct {
	ID, Name    string
	Values      map[Metric]float64
	Requests    uint64
	FailureRate float64 // 0 to 1
	MainCause   string  // of its failures
	Unmeasured  string  // why there are no figures: "build failed: …"; "" if there are
}

// Options is how to rank.
type Options struct {
	RankBy Metric
	Tiers  string // "auto", "article", or limits: "5ms,20ms,100ms"
}

// Row is a contender's place.
type Row struct {
	Entry    Entry
	Rank     int  // from 1; 0: below the line, unranked
	Tier     int  // 1 to 4; 0: none
	Starred  bool // ranked in spite of failures (mean-all)
	TiedWith []string
	Note     string // why it stands below the line
}

// Board is the leaderboard, best first, those below the line last.
type Board struct {
	Rows     []Row
	RankBy   Metric
	TierRule string    // in words, for under the table: "tiers: below 250 ms, 250–500 ms, …"
	Limits   []float64 // between the tiers, in the metric's unit
}

// Rank ranks the entries. It errs on an unknown metric or bad tiers.
func Rank(entries []Entry, options Options) (Board, error) { panic("contract") }
