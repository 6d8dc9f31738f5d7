package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/benchtui/benchtui/internal/flagname"
	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/report/wording"
	"github.com/benchtui/benchtui/internal/stream"
)

// CSVColumn is a column of the CSV report.
type CSVColumn struct {
	Name  string
	About string // what it holds, and in what unit
	cell  func(csvRow) string
}

// csvRow is what a row is written from.
type csvRow struct {
	run   stream.Result
	one   stream.ContenderResult
	round string // "all", or the round's number
}

// CSVColumns are the columns in their order. Later versions may append some; none
// goes away or changes its meaning.
func CSVColumns() []CSVColumn {
	text := func(name, about string, of func(csvRow) string) CSVColumn {
		return CSVColumn{name, about, func(r csvRow) string { return csvText(of(r)) }}
	}
	number := func(name, about string, of func(stream.ContenderResult) *float64) CSVColumn {
		return CSVColumn{name, about, func(r csvRow) string { return csvNumber(of(r.one)) }}
	}
	whole := func(name, about string, of func(stream.ContenderResult) uint64) CSVColumn {
		return CSVColumn{name, about, func(r csvRow) string { return strconv.FormatUint(of(r.one), 10) }}
	}
	columns := []CSVColumn{
		text("started", "when the run began, RFC 3339", func(r csvRow) string { return r.run.Started.Format(time.RFC3339) }),
		text("workload", "its name", func(r csvRow) string { return r.run.Workload.Name }),
		text("contender", "its id", func(r csvRow) string { return r.one.ID }),
		text("name", "as shown", func(r csvRow) string { return r.one.Name }),
		text("language", "", func(r csvRow) string { return r.one.Language }),
		text("version", "of the framework, as built", func(r csvRow) string { return r.one.Version }),
		text("variant", "how it was built, where there is a choice", func(r csvRow) string { return r.one.Variant }),
		text("round", "`all`, or the number of the round that the row is of", func(r csvRow) string { return r.round }),
		text("status", "`ok`, `crashed`, `start_failed`, `build_failed`, `missing`, `aborted`", func(r csvRow) string { return string(r.one.Status) }),
		text("rank", "from 1; empty below the line and in rows of a round", func(r csvRow) string { return csvRank(r.one.Rank) }),
		text("tied_with", "the ids that it can't be told apart from, with spaces between", func(r csvRow) string { return strings.Join(r.one.TiedWith, " ") }),
		text("letters", "the same in short: those that share a letter are tied; empty where rounds tell nothing", func(r csvRow) string { return r.one.Letters }),
		text("tier", "1 to 4; empty if none", func(r csvRow) string { return csvRank(r.one.Tier) }),
		text("ranked_by", "the metric", func(r csvRow) string { return r.one.RankedBy }),
		text("verdict", "what limited the load: `server`, `generator`, `machine`, `inconclusive`", func(r csvRow) string { return r.one.Verdict }),
		whole("requests", "OK and KO", func(r stream.ContenderResult) uint64 { return r.Requests.Total }),
		whole("ok", "", func(r stream.ContenderResult) uint64 { return r.Requests.OK }),
		whole("ko", "", func(r stream.ContenderResult) uint64 { return r.Requests.KO }),
		number("failure_rate", "KO of all, 0 to 1", func(r stream.ContenderResult) *float64 { return r.Figure("failures") }),
		whole("retried", "idempotent requests sent once more, because a kept-alive connection closed as they went out", func(r stream.ContenderResult) uint64 { return r.Requests.Retried }),
		whole("reconnects", "kept-alive connections that the server closed between replies", func(r stream.ContenderResult) uint64 { return r.Requests.Reconnects }),
		whole("unanswered", "connections that never got a reply", func(r stream.ContenderResult) uint64 { return r.Requests.Unanswered }),
		number("later_ok", "of the OK, those that came after the load had run its time; no rate has them", func(r stream.ContenderResult) *float64 { return sinceRan(r, r.Requests.Later.OK) }),
		number("later_ko", "the same of the KO", func(r stream.ContenderResult) *float64 { return sinceRan(r, r.Requests.Later.KO) }),
		text("statuses", "replies by status, as in `200=100 302=7`", func(r csvRow) string {
			var words []string
			for _, status := range r.one.StatusCounts() {
				words = append(words, fmt.Sprintf("%d=%d", status.Status, status.Count))
			}
			return strings.Join(words, " ")
		}),
		text("main_cause", "the most frequent cause of failures", func(r csvRow) string { return mainCause(r.one) }),
		text("main_reason", "why it came about, as precisely as is known", func(r csvRow) string {
			if len(r.one.Failures) == 0 {
				return ""
			}
			return foreign.Sample(r.one.Failures[0].Reason)
		}),
		number("rps_ok", "OK replies per second", func(r stream.ContenderResult) *float64 { return r.Figure("rps") }),
		number("rps_total", "replies per second", func(r stream.ContenderResult) *float64 { return measured(r, r.RPS.Total) }),
	}
	for _, name := range stream.DistributionFigures() {
		columns = append(columns, number(name+"_ms", "response time of OK replies", func(r stream.ContenderResult) *float64 {
			return wording.Shown(r, name)
		}))
	}
	columns = append(columns,
		number("over_60s", "OK replies that took longer than 60 s; times have them as 60,000 ms", func(r stream.ContenderResult) *float64 {
			if r.LatencyMS.OK == nil {
				return nil
			}
			return sinceRan(r, r.LatencyMS.OK.Over60S)
		}),
		number("mean_all_ms", "mean response time of all replies", func(r stream.ContenderResult) *float64 { return r.Figure("mean-all") }),
		number("service_p50_ms", "service time of all replies, from the actual send", func(r stream.ContenderResult) *float64 {
			return r.LatencyMS.Service.Figure("p50")
		}),
		number("service_p99_ms", "the same", func(r stream.ContenderResult) *float64 {
			return r.LatencyMS.Service.Figure("p99")
		}),
		number("connect_p99_ms", "from dial to established", func(r stream.ContenderResult) *float64 {
			return r.LatencyMS.Connect.Figure("p99")
		}),
		number("first_reply_p99_ms", "of each connection, from dial to the end of its first reply", func(r stream.ContenderResult) *float64 {
			return r.LatencyMS.FirstReply.Figure("p99")
		}),
		text("latency_ends", "the clock by which response and service times end: `arrival` of the reply by the kernel's, `read` by the generator's", func(r csvRow) string { return string(r.one.LatencyEnds) }),
		number("read_lateness_p50_ms", "how long replies lay in the generator's sockets; in no latency that ends at arrival", func(r stream.ContenderResult) *float64 {
			return r.LatencyMS.ReadLateness.Figure("p50")
		}),
		number("read_lateness_p99_ms", "the same", func(r stream.ContenderResult) *float64 {
			return r.LatencyMS.ReadLateness.Figure("p99")
		}),
		number("p50_to_reading_ms", "response time of OK replies as tools have it that know no arrival", func(r stream.ContenderResult) *float64 {
			return r.LatencyMS.OKToReading.Figure("p50")
		}),
		number("p99_to_reading_ms", "the same", func(r stream.ContenderResult) *float64 {
			return r.LatencyMS.OKToReading.Figure("p99")
		}),
		number("startup_ms", "from spawn to the first good reply", func(r stream.ContenderResult) *float64 { return r.Figure("startup") }),
	)
	for _, of := range processFigures {
		columns = append(columns, number(of.name, of.about, func(r stream.ContenderResult) *float64 {
			switch {
			case r.Process == nil:
				return nil
			case of.figure != "":
				return r.Figure(of.figure)
			}
			return of.of(r.Process)
		}))
	}
	return append(columns,
		number("capacity_rps", "of a search: the highest rate that kept the objective", func(r stream.ContenderResult) *float64 {
			return r.Figure("capacity")
		}),
		text("findings", "their ids, blanks between", func(r csvRow) string {
			var ids []string
			for _, finding := range r.one.Findings {
				ids = append(ids, finding.ID)
			}
			return strings.Join(ids, " ")
		}),
		text("detail", "why it was not measured, or how its load ended", func(r csvRow) string { return foreign.Sample(r.one.StatusDetail) }),
		number("capacity_ceiling_rps", "of a search: the lowest rate that broke the objective; the capacity lies between the two", func(r stream.ContenderResult) *float64 {
			if r.Capacity == nil || r.Capacity.Ceiling == 0 {
				return nil
			}
			return &r.Capacity.Ceiling
		}),
		number("capacity_uncertainty", "by what share of `capacity_rps` it may be more", func(r stream.ContenderResult) *float64 {
			if r.Capacity == nil {
				return nil
			}
			return r.Capacity.Uncertainty
		}),
		number("pss_mb_idle", "as `rss_mb_idle`, but what n processes share counts 1/n in each; then it is what `"+flagname.RankBy+" rss` goes by", pssOf("rss-idle")),
		number("pss_mb_max", "the same of `rss_mb_max`", pssOf("rss")),
	)
}

// pssOf is a figure of memory if it is PSS.
func pssOf(name string) func(stream.ContenderResult) *float64 {
	return func(r stream.ContenderResult) *float64 {
		if r.Process == nil || r.Process.MemoryIs != stream.MemoryIsPSS {
			return nil
		}
		return r.Figure(name)
	}
}

// sinceRan is a count that results have since they tell how long the load ran.
func sinceRan(one stream.ContenderResult, n uint64) *float64 {
	if one.RPS.OverS == 0 {
		return nil
	}
	value := float64(n)
	return &value
}

var processFigures = []struct {
	name, about string
	figure      string // its name among the contender's figures, if it has one
	of          func(*stream.ProcessResult) *float64
}{
	{"cpu_us_per_request", "the server's, µs, of those that reached it", "cpu-per-request", nil},
	{"cpu_percent_mean", "the server's, of one core, while requests were begun", "cpu-percent", nil},
	{"cpu_percent_max", "the same", "", func(p *stream.ProcessResult) *float64 { return p.CPUPercentMax }},
	{"rps_per_core", "requests per second for each core's CPU time", "rps-per-core", nil},
	{"rps_per_mb", "OK replies per second for each MB at the peak", "rps-per-mb", nil},
	{"rss_mb_idle", "MB (10^6 bytes), ready and not loaded", "rss-sum-idle", nil},
	{"rss_mb_max", "MB, the highest", "rss-sum", nil},
	{"threads_max", "", "", func(p *stream.ProcessResult) *float64 { return p.ThreadsMax }},
	{"hottest_thread_percent_max", "of one core", "", func(p *stream.ProcessResult) *float64 { return p.HottestThreadPercentMax }},
	{"accept_queue_max", "connections", "", func(p *stream.ProcessResult) *float64 { return p.AcceptQueueMax }},
	{"accept_queue_limit", "connections", "", func(p *stream.ProcessResult) *float64 { return p.AcceptQueueLimit }},
	{"event_loop_utilization_max", "0 to 1, of a Node server", "", func(p *stream.ProcessResult) *float64 {
		if p.EventLoop == nil {
			return nil
		}
		return &p.EventLoop.UtilizationMax
	}},
	{"event_loop_delay_p99_ms_max", "of a Node server", "", func(p *stream.ProcessResult) *float64 {
		if p.EventLoop == nil {
			return nil
		}
		return &p.EventLoop.DelayMSP99Max
	}},
}

// WriteCSV writes a row per contender in the leaderboard's order and, of several
// rounds, a row for each of them behind it. See CSVColumns.
func WriteCSV(w io.Writer, result stream.Result) error {
	columns := CSVColumns()
	out := csv.NewWriter(w)
	var row []string
	for _, column := range columns {
		row = append(row, column.Name)
	}
	out.Write(row)
	for _, one := range csvRows(result) {
		row = row[:0]
		for _, column := range columns {
			row = append(row, column.cell(one))
		}
		out.Write(row)
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write the result as CSV: %w", err)
	}
	return nil
}

func csvRows(result stream.Result) (rows []csvRow) {
	for _, one := range result.Contenders {
		rows = append(rows, csvRow{result, one, "all"})
		if len(one.Rounds) < 2 {
			continue
		}
		for _, round := range one.Rounds {
			row := csvRow{result, wording.OfRound(one, round), strconv.Itoa(round.Round)}
			row.one.Rank, row.one.Tier, row.one.TiedWith, row.one.Letters = 0, 0, nil, ""
			rows = append(rows, row)
		}
	}
	return rows
}

// csvText keeps a spreadsheet from taking text of others for a formula: what begins
// like one gets an apostrophe before it, as OWASP advises. Some drop the blanks before it,
// or take the wide characters for the narrow ones.
func csvText(text string) string {
	text = foreign.Sample(text)
	if strings.IndexAny(strings.TrimSpace(text), "=+-@|%＝＋－＠") == 0 {
		return "'" + text
	}
	return text
}

// csvNumber writes six significant digits, with a point, and nothing for what was
// not measured.
func csvNumber(value *float64) string {
	if value == nil || math.IsNaN(*value) || math.IsInf(*value, 0) {
		return ""
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(*value, 'g', 6, 64), 64)
	if err != nil {
		return ""
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}

func csvRank(rank int) string {
	if rank == 0 {
		return ""
	}
	return strconv.Itoa(rank)
}

// measured is a figure of a load; nil if there was none.
func measured(one stream.ContenderResult, value float64) *float64 {
	if one.Requests.Total == 0 {
		return nil
	}
	return &value
}

func mainCause(one stream.ContenderResult) string {
	if len(one.Failures) == 0 {
		return ""
	}
	return one.Failures[0].Cause
}
