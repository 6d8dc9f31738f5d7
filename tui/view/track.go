package view

import (
	"maps"
	"math"

	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/words"
)

// Pace is a figure that contenders are raced by.
type Pace int

// The figures, in the order of their key.
const (
	PaceP50 Pace = iota
	PaceMean
	PaceP99
	PaceThroughput
	Paces
)

// PaceWords is how a pace is written.
type PaceWords struct {
	Name   string // of the chart
	SoFar  string // of the bars: the same since the load began
	Higher bool   // is better
	Write  func(float64) string
	Label  func(float64) string
}

// Words are how it is written.
func (p Pace) Words() PaceWords {
	return [Paces]PaceWords{
		PaceP50:        {"median latency (p50), ms", "p50 so far, ms", false, figure.InMS.Cell, figure.InMS.Tick},
		PaceMean:       {"mean latency, ms", "mean so far, ms", false, figure.InMS.Cell, figure.InMS.Tick},
		PaceP99:        {"latency of the slowest 1 % (p99), ms", "p99 so far, ms", false, figure.InMS.Cell, figure.InMS.Tick},
		PaceThroughput: {"OK replies per second", "OK replies so far", true, figure.Whole, figure.InRequests.Tick},
	}[p]
}

// Other is the figure to show beside: how much beside how fast.
func (p Pace) Other() Pace {
	if p == PaceThroughput {
		return PaceP50
	}
	return PaceThroughput
}

// better says that the first value is the better one of two.
func (p Pace) better(a, b float64) bool {
	if p.Words().Higher {
		return a > b
	}
	return a < b
}

// Track is what a race keeps of one contender's measured load, also when others
// are under load.
type Track struct {
	Facts  stream.ContenderFacts
	Number int // from 1, in the order of measuring
	Points Ring[TrackPoint]
	Ended  bool
	Cause  string // why there is nothing to show, once it has ended
	// Limited is true when it has ended and the load generator was the limit.
	Limited bool

	Asides []Aside // stretches that are in no figure

	SoFar   measure.Histogram // of OK replies, from the intended start
	Service measure.Histogram // of all replies, from the actual send
	ok, ko  uint64
	causes  map[measure.Cause]uint64
}

// TrackPoint is an interval of the measured load. Without OK replies the
// latencies are NaN.
type TrackPoint struct {
	At          float64        // the interval's end, s since the measured load began
	Pace, SoFar [Paces]float64 // in the interval, and since the load began
	KO          float64        // the share of replies that failed since the load began, 0 to 1
}

// foldTrack takes the next event into the race.
func (s *State) foldTrack(event stream.Event) {
	switch body := event.Body.(type) {
	case stream.ContenderStarted:
		if body.Probe {
			return
		}
		track := &Track{Facts: body.Facts, Number: len(s.Tracks) + 1, Points: NewRing[TrackPoint](keptPoints), causes: map[measure.Cause]uint64{}}
		if before := s.Track(event.Contender); before != nil { // another round: the newest one races
			track.Number = before.Number
			*before = *track
			return
		}
		s.Tracks = append(s.Tracks, track)
	case stream.LoadSample:
		track := s.Track(event.Contender)
		switch {
		case track == nil:
		case body.Counts():
			track.fold(body.Measures)
		case body.Aside:
			track.setAside(body.Measures)
		}
	case stream.RoundDone:
		if track := s.Track(event.Contender); track != nil {
			track.end(stream.ContenderResult{Outcome: body.Result.Outcome, Measured: stream.Measured{Verdict: body.Result.Verdict}})
		}
	case stream.ContenderDone:
		if track := s.Track(event.Contender); track != nil {
			track.end(body.Result)
		}
	}
}

func (t *Track) end(result stream.ContenderResult) {
	t.Ended, t.Limited = true, result.Verdict == diagnosis.VerdictGenerator
	if result.Status != stream.StatusOK {
		t.Cause = words.Cause(result)
	}
}

// Track finds a contender's; nil if it has not started.
func (s *State) Track(id string) *Track {
	for _, track := range s.Tracks {
		if track.Facts.ID == id {
			return track
		}
	}
	return nil
}

func (t *Track) fold(measures measure.Measures) {
	t.ok, t.ko = t.ok+measures.OK, t.ko+measures.KO
	for _, failure := range measures.Failures {
		t.causes[measure.KeptCause(t.causes, failure.Cause)] += failure.Count
	}
	if measures.ResponseOK.Count() > 0 {
		t.SoFar = t.SoFar.Merge(measures.ResponseOK)
	}
	if measures.Service.Count() > 0 {
		t.Service = t.Service.Merge(measures.Service)
	}
	point := TrackPoint{At: measures.To.Seconds(), Pace: pacesOf(measures.ResponseOK), SoFar: pacesOf(t.SoFar)}
	if over := (measures.To - measures.From).Seconds(); over > 0 {
		point.Pace[PaceThroughput] = float64(measures.OK) / over
	}
	point.SoFar[PaceThroughput] = float64(t.ok)
	if all := t.ok + t.ko; all > 0 {
		point.KO = float64(t.ko) / float64(all)
	}
	t.Points.Push(point)
}

// setAside notes a stretch that is in no figure: the lines of the race have a gap there.
func (t *Track) setAside(measures measure.Measures) {
	from, to := measures.From.Seconds(), measures.To.Seconds()
	t.Asides = addAside(t.Asides, from, to)
	last, ok := t.Points.Last()
	if !ok || math.IsNaN(last.Pace[PaceThroughput]) {
		return
	}
	gap := last
	for pace := range gap.Pace {
		gap.Pace[pace] = math.NaN()
	}
	t.Points.Push(gap)
}

// pacesOf are the latencies of a histogram, ms.
func pacesOf(h measure.Histogram) (values [Paces]float64) {
	if h.Count() == 0 {
		return [Paces]float64{math.NaN(), math.NaN(), math.NaN(), 0}
	}
	values[PaceP50], values[PaceP99] = measure.MS(h.Quantile(0.5)), measure.MS(h.Quantile(0.99))
	values[PaceMean] = measure.MS(h.Mean())
	return values
}

// at is the last point up to a second of the load.
func (t *Track) at(second float64) (TrackPoint, bool) {
	for i := t.Points.Len() - 1; i >= 0; i-- {
		if point := t.Points.At(i); point.At <= second+1e-9 {
			return point, true
		}
	}
	return TrackPoint{}, false
}

// Last is the second of the load up to which there are points.
func (t *Track) Last() float64 {
	point, _ := t.Points.Last()
	return point.At
}

// MainCause is the most frequent cause of failures so far; "" if nothing failed.
func (t *Track) MainCause() string {
	main, most := "", uint64(0)
	for cause, count := range t.causes {
		if count > most || count == most && string(cause) < main {
			main, most = string(cause), count
		}
	}
	return main
}

// Letter marks the contender in a race, also where there are no colours.
func (t *Track) Letter() rune {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	return rune(letters[max(0, t.Number-1)%len(letters)])
}

func (t *Track) clone() *Track {
	copied := *t
	copied.Points = t.Points.Clone()
	copied.causes = maps.Clone(t.causes)
	return &copied
}

// LastReply is the last interval with a value.
func (t *Track) LastReply(pace Pace) (TrackPoint, bool) {
	for i := t.Points.Len() - 1; i >= 0; i-- {
		if point := t.Points.At(i); !math.IsNaN(point.Pace[pace]) && point.Pace[pace] > 0 {
			return point, true
		}
	}
	return TrackPoint{}, false
}
