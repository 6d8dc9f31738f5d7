package stream

import (
	"github.com/benchtui/benchtui/internal/measure"
)

// MeasuredOf is the part of a result that the load's measures tell.
func MeasuredOf(m measure.Measures) Measured {
	result := Measured{
		Failures: []FailureResult{},
		Findings: []FindingResult{},
		Requests: RequestCounts{
			Total: m.OK + m.KO, OK: m.OK, KO: m.KO,
			Retried: m.Retried, Reconnects: m.Reconnects, Unanswered: m.Unanswered,
			EndedAtReading: m.EndedAtReading,
		},
	}
	if reached := m.Reached(); reached < result.Requests.Total {
		result.Requests.Reached = &reached
	}
	if result.Requests.Total > 0 {
		result.Requests.FailureRate = float64(m.KO) / float64(result.Requests.Total)
	}
	ran := m.Ran
	if ran == 0 { // of a recording that is older than the figure
		ran = m.To - m.From
	} else if waited := m.To - m.From - ran; waited > 0 && m.LaterOK+m.LaterKO > 0 {
		result.Requests.Later = LaterResult{OK: m.LaterOK, KO: m.LaterKO, WaitedS: waited.Seconds()}
	}
	if over := ran.Seconds(); over > 0 {
		ok := m.OK - min(m.OK, m.LaterOK)
		result.RPS = RPS{Total: float64(ok+m.KO-min(m.KO, m.LaterKO)) / over, OK: float64(ok) / over, OverS: over}
	}
	for _, status := range m.Statuses {
		result.Statuses = append(result.Statuses, StatusResult{Status: status.Status, Location: status.Location, Count: status.Count})
	}
	result.LatencyMS = Latencies{
		Total:      DistributionOf(m.ResponseOK.Merge(m.ResponseKO)),
		OK:         DistributionOf(m.ResponseOK),
		KO:         DistributionOf(m.ResponseKO),
		Service:    DistributionOf(m.Service),
		Connect:    DistributionOf(m.Connect),
		FirstReply: DistributionOf(m.FirstReply),

		ReadLateness:     DistributionOf(m.ReadLateness),
		OKToReading:      DistributionOf(m.ResponseRead),
		ServiceToReading: DistributionOf(m.ServiceRead),
	}
	switch {
	case m.EndsAtArrival():
		result.LatencyEnds = EndsAtArrival
	case m.Service.Count() > 0:
		result.LatencyEnds = EndsAtReading
	}
	for _, failure := range m.Failures {
		result.Failures = append(result.Failures, FailureResult{
			Cause: string(failure.Cause), Count: failure.Count,
			FirstAtS: failure.FirstAt.Seconds(), Sample: failure.Sample, Reason: failure.Reason(), Reasons: reasonsOf(failure),
		})
	}
	return result
}

// reasonsOf are the reasons of a failure where there are several.
func reasonsOf(failure measure.Failure) []ReasonResult {
	if len(failure.Reasons) < 2 {
		return nil
	}
	reasons := make([]ReasonResult, len(failure.Reasons))
	for i, reason := range failure.Reasons {
		reasons[i] = ReasonResult{Reason: reason.Text, Count: reason.Count, Sample: reason.Sample}
	}
	return reasons
}

// DistributionOf sums up a histogram of µs in ms; nil if it is empty.
func DistributionOf(h measure.Histogram) *Distribution {
	if h.Count() == 0 {
		return nil
	}
	ms := func(us float64) float64 { return min(us/1000, MostMS) }
	q := func(quantile float64) float64 { return ms(float64(h.Quantile(quantile))) }
	least := h.Min()
	if h.Overlong() == h.Count() { // its bucket begins a little below the most
		least = h.Max()
	}
	return &Distribution{
		Min: ms(float64(least)), Mean: ms(h.Mean()), StdDev: ms(h.StdDev()),
		P50: q(0.5), P75: q(0.75), P90: q(0.9), P95: q(0.95), P99: q(0.99), P999: q(0.999),
		Max: ms(float64(h.Max())), Over60S: h.Overlong(),
	}
}
