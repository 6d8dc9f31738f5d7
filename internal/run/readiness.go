package run

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/benchtui/benchtui/engine"
	"github.com/benchtui/benchtui/internal/crash"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/flagname"
	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/procs"
	"github.com/benchtui/benchtui/procs/sample"
	"github.com/benchtui/benchtui/procs/system"
)

// How long a server may take to begin well.
const (
	// refusesFor is how long it may refuse the request before that is taken for its
	// answer: what asks for a login, or has no such path, does so for ever.
	refusesFor = 3 * time.Second
	// elsewhereFor is how long it may not listen where it was told to, while it does
	// elsewhere, before that is told.
	elsewhereFor = 3 * time.Second
	// muteFor is how long it may leave a request unanswered before that is told.
	muteFor = 3 * time.Second
)

// awaitReady asks until the first good reply. The time between two tries is so
// short that it hardly adds to the time that is reported. What the server answers
// instead is told at once.
func (s *server) awaitReady(ctx context.Context, plan Plan, spawned time.Time) (time.Duration, error) {
	limit, cancel := context.WithTimeout(ctx, plan.startTimeout())
	defer cancel()
	job := plan.readyJob(s.contender, s.base)
	wait := startWait{server: s, url: job.Request.URL, most: plan.startTimeout()}
	tick := time.NewTicker(stream.StartupStep)
	defer tick.Stop()
	crash.Go(func() { // a server that dies while it holds our connection answers no more
		select {
		case <-s.service.Done():
			cancel()
		case <-limit.Done():
		}
	})
	for {
		began, told := time.Now(), wait.mute()
		patient := time.AfterFunc(muteFor, crash.Guarded(func() { s.stream.emit(s.id, told) }))
		reply, err := firstReply(limit, job, plan.startTimeout())
		patient.Stop()
		if err == nil && reply.Cause == "" {
			return s.stream.now().Sub(spawned), nil
		}
		if s.crashed() {
			return 0, fmt.Errorf("the server ended before it answered: %s%s%s%s", s.service.Exit(), background(s.service.Exit()), s.lastLines(), unexpanded(s.launch))
		}
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
		if over := wait.take(reply, err, time.Since(began)); over {
			return 0, wait.refused()
		}
		if limit.Err() != nil && !s.crashed() { // one that has ended since is told above, as what it is
			return 0, wait.failed()
		}
		select {
		case <-s.service.Done():
		case <-limit.Done():
		case <-tick.C:
		}
	}
}

// startWait is what is known of a server that is waited for.
type startWait struct {
	server *server
	url    string
	most   time.Duration

	last    string // what the last try came to
	answers bool   // it was a reply, if not a good one
	mutely  bool   // the server took the connection, and sent no byte

	refusing     time.Time // since when it refuses the request; zero: it does not
	notListening time.Time // since when nobody takes connections; zero: somebody does
	told         map[string]bool
}

// notice tells the person what is known so far, once.
func (w *startWait) notice(kind, text string) {
	if w.told == nil {
		w.told = map[string]bool{}
	}
	if w.told[kind] {
		return
	}
	w.told[kind] = true
	w.server.stream.emit(w.server.id, stream.Notice{Text: w.server.id + " " + text})
}

// take takes what a try came to after a time, and says whether no more are of use.
func (w *startWait) take(reply engine.Reply, err error, after time.Duration) (over bool) {
	now := time.Now()
	var none *engine.NoReplyError
	switch {
	case err == nil:
		w.last, w.answers, w.mutely, w.notListening = badReply(reply), true, false, time.Time{}
		w.notice(string(reply.Cause), "answers "+w.last+"; waiting for a good reply")
		if !refuses(reply.Status) {
			w.refusing = time.Time{}
			return false
		}
		if w.refusing.IsZero() {
			w.refusing = now
		}
		return now.Sub(w.refusing) >= refusesFor
	case errors.As(err, &none) && none.Connected && none.Cause == measure.CauseTimeout && none.Sample == "" && w.answers && after < muteFor:
		// Our own limit cuts the last try off: it says less than those before it.
	case errors.As(err, &none) && none.Connected:
		w.last, w.answers, w.notListening = err.Error(), none.Sample != "", time.Time{}
		w.mutely = none.Cause == measure.CauseTimeout && none.Sample == ""
		if none.Cause != measure.CauseMalformed { // a server that begins may well close connections
			w.refusing = time.Time{}
			return false
		}
		w.notice(string(none.Cause), "answers badly: "+w.last)
		if w.refusing.IsZero() {
			w.refusing = now
		}
		return now.Sub(w.refusing) >= refusesFor
	default:
		// A try that our own limit cuts off before there is a connection says nothing.
		if w.last == "" || !errors.As(err, &none) || none.Cause != measure.CauseConnectTimeout {
			w.last, w.answers, w.mutely = err.Error(), false, false
		}
		w.refusing = time.Time{}
		if w.notListening.IsZero() {
			w.notListening = now
		}
		if now.Sub(w.notListening) >= elsewhereFor && !w.told["elsewhere"] {
			if where := w.server.elsewhere(); where != "" && !(where == listensNowhere && w.server.gone()) {
				w.notice("elsewhere", where)
			}
			w.notListening = now // the look costs time, so not at each try
		}
	}
	return false
}

// mute is what to tell of the next try if it has no answer for long.
func (w *startWait) mute() stream.Notice {
	which := "its first request"
	if w.answers {
		which = "another request"
	}
	return stream.Notice{Text: fmt.Sprintf("%s has left %s without an answer for %s", w.server.id, which, figure.ExactLength(muteFor))}
}

// refuses says whether a status is an answer to the request as such: it does not heal
// by waiting, but for those that ask for another try.
func refuses(status int) bool {
	switch status {
	case 408, 425, 429:
		return false
	}
	return status >= 300 && status < 500
}

// badReply says what a reply that is not good was, with its first bytes.
func badReply(reply engine.Reply) string {
	text := string(reply.Cause)
	if reply.Why != "" {
		text += " (" + reply.Why + ")"
	}
	if !strings.HasPrefix(text, "status ") {
		text = fmt.Sprintf("status %d, and fails the %s", reply.Status, text)
	}
	if reply.Sample != "" {
		text += ": " + strings.ReplaceAll(strings.TrimSuffix(reply.Sample, `\n`), `\n`, " · ")
	}
	return text
}

// adviceOn says what to do about a reply that is not good.
func adviceOn(reply string) string {
	switch {
	case strings.HasPrefix(reply, "status 401"), strings.HasPrefix(reply, "status 403"):
		return "; if it wants a login, send one with " + flagname.ShortHeader + " 'Authorization: …'; " + flagname.ExpectStatus + " takes another status for good"
	case strings.HasPrefix(reply, "status 404"):
		return "; is the path right? " + flagname.Path + " sends another"
	case strings.HasPrefix(reply, "status 405"):
		return "; is the method right? -m sends another"
	case strings.HasPrefix(reply, "status 3"):
		return "; redirects are not followed: load the address that it names, or take its status for good with " + flagname.ExpectStatus
	}
	return "; see " + flagname.ExpectStatus + ", " + flagname.CheckJSON + " and " + flagname.CheckBody
}

// refused is the end of waiting for a server that answers, and will not do so otherwise.
func (w *startWait) refused() error {
	return fmt.Errorf("%s answers %s%s", w.url, w.last, adviceOn(w.last))
}

// failed is the end of waiting for a server that has not answered well in time.
func (w *startWait) failed() error {
	within, words := figure.ExactLength(w.most), w.server.lastLines()
	if !w.answers {
		words += unexpanded(w.server.launch)
	}
	switch {
	case w.answers:
		return fmt.Errorf("no good reply from %s within %s: it answers %s%s%s; "+flagname.StartTimeout+" gives it longer",
			w.url, within, w.last, words, adviceOn(w.last))
	case w.mutely:
		return fmt.Errorf("%s accepts connections and never answered within %s: no byte of a reply came%s; is it stuck at its start, or does it speak another protocol than HTTP? "+flagname.StartTimeout+" gives it longer",
			w.url, within, words)
	}
	where := w.server.elsewhere()
	if exit, ended := w.server.commandEnded(); ended && (where == "" || where == listensNowhere) {
		return fmt.Errorf("the command ended (%s), and nothing has come to listen on port %d within %s%s%s; "+flagname.StartTimeout+" gives it longer",
			exit, w.server.port, within, words, inBackground)
	}
	if where != "" {
		return fmt.Errorf("no good reply from %s within %s (last: %s): it %s%s; "+flagname.StartTimeout+" gives it longer", w.url, within, w.last, where, words)
	}
	return fmt.Errorf("no good reply from %s within %s (last: %s)%s; does it listen on the port it is given ({port} or $PORT)? "+flagname.StartTimeout+" gives it longer",
		w.url, within, w.last, words)
}

// commandEnded says how what was started has ended, if it has.
func (s *server) commandEnded() (exit procs.Exit, ended bool) {
	if s.child == nil {
		return exit, false
	}
	select {
	case <-s.child.Done():
		return s.child.Exit(), true
	default:
		return exit, false
	}
}

// gone says that what was started has ended.
func (s *server) gone() bool {
	_, ended := s.commandEnded()
	return ended
}

// elsewhere says where the server's own sockets listen, if not where it is asked; "" if
// that can't be seen.
func (s *server) elsewhere() string {
	if s.child == nil {
		return ""
	}
	listens, known := s.child.Listens()
	if !known {
		return ""
	}
	return elsewhereOf(listens, s.port)
}

// listensNowhere is what is said of a server that has no port.
const listensNowhere = "listens on no port; does it take longer to begin, or wait for something?"

// elsewhereOf says the same of addresses.
func elsewhereOf(listens []system.Address, port int) string {
	if len(listens) == 0 {
		return listensNowhere
	}
	here := false
	for _, address := range listens {
		here = here || address.Port == port
		if address.Port == port && address.Serves(net.IPv4(127, 0, 0, 1)) {
			return "" // it does listen where it is asked: what is wrong is something else
		}
	}
	text := "listens on " + addressWords(listens)
	if here {
		return text + fmt.Sprintf(", and not on 127.0.0.1:%d; have it listen on 127.0.0.1 or 0.0.0.0", port)
	}
	return text + fmt.Sprintf(", and not on port %d; give it the port with {port} in its command, or $PORT", port)
}

// reach checks that a server that we did not start answers.
func (r *Run) reach(ctx context.Context, s *server, t *tally) error {
	s.enterWith(stream.PhaseStart, 0, s.contender.URL)
	host := ""
	if target, err := url.Parse(s.contender.URL); err == nil {
		s.port, _ = strconv.Atoi(target.Port())
		host = target.Hostname()
	}
	if r.plan.PID != 0 {
		r.sample(s, r.plan.PID, t)
	}
	const patience = 10 * time.Second
	began := r.tools.Now()
	job := s.job(r.plan, r.plan.Workload.Load)
	reply, err := firstReply(ctx, job, patience)
	var none *engine.NoReplyError
	switch {
	case errors.As(err, &none) && none.Sample != "": // something came of a reply, which the error shows
		return fmt.Errorf("%s answers, but not well: %w", s.contender.URL, err)
	case err != nil:
		return fmt.Errorf("%s does not answer: %w%s", s.contender.URL, err, r.adviceOnSilence(err, host, s.port))
	}
	if reply.Cause != "" {
		told := badReply(reply)
		return fmt.Errorf("%s answers, but not well: %s%s", s.contender.URL, told, adviceOn(told))
	}
	r.stream.emit(s.id, stream.Ready{After: r.tools.Now().Sub(began), Port: s.port, PID: r.plan.PID})
	s.sampling.now()
	if r.plan.PID != 0 {
		if whose := notWhoAnswers(r.plan.PID, s.port); whose != "" && t.measuredAs(whose, false) {
			r.stream.emit(s.id, stream.Notice{Text: s.id + ": CPU and memory are those of " + whose})
		}
		t.mayUse(sample.ReadCPULimits(r.plan.PID))
	}
	return nil
}

// listensOf are the addresses on which a process and its descendants listen, in words; ""
// if on none.
func listensOf(pid int) (where string, known bool) {
	listens, known := procs.ListensOf(pid)
	return addressWords(listens), known
}

// addressWords name addresses; "" for none. The name of a unix socket is whatever who
// listens there chose.
func addressWords(addresses []system.Address) string {
	names := make([]string, len(addresses))
	for i, address := range addresses {
		names[i] = foreign.Line(address.String())
	}
	return strings.Join(names, " and ")
}

// processWords name a process: "process 4711 (python3)".
func processWords(pid int) string {
	text := fmt.Sprintf("process %d", pid)
	if name := system.NameOf(pid); name != "" {
		text += " (" + foreign.Line(name) + ")"
	}
	return text
}

// notWhoAnswers says that the process whose figures are asked for does not listen where
// the load goes; "" if it does, or if that can't be seen.
func notWhoAnswers(pid, port int) string {
	listens, known := procs.ListensOf(pid)
	if !known || !system.SharesNetwork(pid) || slices.ContainsFunc(listens, func(a system.Address) bool { return a.Port == port }) {
		return ""
	}
	where, _ := listensOf(pid)
	return fmt.Sprintf("%s, which listens on %s: who answers on port %d is another", processWords(pid), cmp.Or(where, "no port"), port)
}

// adviceOnSilence says what to do about a server of the person's that does not answer.
func (r *Run) adviceOnSilence(err error, host string, port int) string {
	var none *engine.NoReplyError
	if errors.As(err, &none) && none.Connected || errors.As(err, &none) && none.Cause == measure.CauseTLSHandshake {
		switch {
		case none.Cause == measure.CauseConnectTimeout:
			return "; something accepts connections there; is it stuck, or does it speak no TLS? Then load http://"
		case none.Cause == measure.CauseTimeout && none.Sample == "":
			return "; something accepts connections there; is it stuck, or does it speak another protocol than HTTP?"
		}
		return "" // something runs there, and the error says what it lacks
	}
	if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
		var names []string
		for _, address := range system.ListenersOn(port) {
			if ip != nil && address.Serves(ip) { // it is what was asked
				if none != nil && none.Cause == measure.CauseConnectTimeout {
					return fmt.Sprintf("; %s is listened on, and takes no more connections: is the server stuck, and its accept queue full?", address)
				}
				continue
			}
			names = append(names, address.String())
		}
		if len(names) > 0 {
			return "; on this machine " + strings.Join(names, " and ") + " is listened on: load that address"
		}
	}
	if r.plan.PID != 0 {
		where, known := procs.ListensOf(r.plan.PID)
		switch {
		case known && len(where) > 0 && where[0].Path != "":
			return fmt.Sprintf("; %s listens on %s and on no port: have it listen on one", processWords(r.plan.PID), addressWords(where))
		case known && len(where) > 0:
			return fmt.Sprintf("; %s listens on %s: load that address", processWords(r.plan.PID), addressWords(where))
		case known:
			return fmt.Sprintf("; %s listens on no port: is it the server, and through with its start?", processWords(r.plan.PID))
		}
	}
	return "; is the server running, and is the address right?"
}
