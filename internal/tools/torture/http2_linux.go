package main

import (
	"bytes"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"maps"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// http2Turn is a connection whose peer waits for the reply to a request.
type http2Turn struct {
	*http2.Framer
	net    net.Conn
	stream uint32
}

// again does something until the peer has gone.
func (h http2Turn) again(do func() error) {
	for do() == nil {
	}
}

// headers are a header block of names and values in turn.
func headers(of ...string) []byte {
	var block bytes.Buffer
	encoder := hpack.NewEncoder(&block)
	for i := 0; i+1 < len(of); i += 2 {
		_ = encoder.WriteField(hpack.HeaderField{Name: of[i], Value: of[i+1]})
	}
	return block.Bytes()
}

func (h http2Turn) head(end bool, of ...string) error {
	return h.WriteHeaders(http2.HeadersFrameParam{StreamID: h.stream, BlockFragment: headers(of...), EndHeaders: true, EndStream: end})
}

func (h http2Turn) reply() error {
	if err := h.head(false, ":status", "200", "content-length", "2"); err != nil {
		return err
	}
	return h.WriteData(h.stream, true, []byte("ok"))
}

// http2Role is what a server answers from its third request on, and what it stands for.
type http2Role struct {
	noun   string
	answer func(http2Turn)
}

const (
	flood = "HTTP/2 flood"
	bomb  = "HTTP/2 bomb"
	form  = "HTTP/2 form"
)

var http2Roles = map[string]http2Role{
	"settings without end": {flood, func(h http2Turn) {
		h.again(func() error { return h.WriteSettings(http2.Setting{ID: http2.SettingMaxFrameSize, Val: 1 << 14}) })
	}},
	"pings without end": {flood, func(h http2Turn) { h.again(func() error { return h.WritePing(false, [8]byte{1}) }) }},
	"empty DATA without end": {flood, func(h http2Turn) {
		_ = h.head(false, ":status", "200")
		h.again(func() error { return h.WriteData(h.stream, false, nil) })
	}},
	"priorities without end": {flood, func(h http2Turn) {
		h.again(func() error { return h.WritePriority(h.stream, http2.PriorityParam{StreamDep: 1, Weight: 1}) })
	}},
	"window updates without end":      {flood, func(h http2Turn) { h.again(func() error { return h.WriteWindowUpdate(h.stream, 1) }) }},
	"resets of streams that are none": {flood, func(h http2Turn) { h.again(func() error { return h.WriteRSTStream(h.stream, http2.ErrCodeCancel) }) }},
	"hints without end":               {flood, func(h http2Turn) { h.again(func() error { return h.head(false, ":status", "103", "link", "x") }) }},
	"unknown frames without end": {flood, func(h http2Turn) {
		h.again(func() error { return h.WriteRawFrame(0xbe, 0xff, h.stream, []byte(hostile)) })
	}},
	"every stream is reset":   {flood, func(h http2Turn) { _ = h.WriteRSTStream(h.stream, http2.ErrCodeInternal) }},
	"every stream is refused": {flood, func(h http2Turn) { _ = h.WriteRSTStream(h.stream, http2.ErrCodeRefusedStream) }},
	"calm is asked for":       {flood, func(h http2Turn) { _ = h.WriteRSTStream(h.stream, http2.ErrCodeEnhanceYourCalm) }},
	"CONTINUATION without end": {bomb, func(h http2Turn) {
		_ = h.WriteHeaders(http2.HeadersFrameParam{StreamID: h.stream, BlockFragment: headers(":status", "200")})
		some := bytes.Repeat(headers("x", "y"), 100)
		h.again(func() error { return h.WriteContinuation(h.stream, false, some) })
	}},
	"empty CONTINUATION without end": {bomb, func(h http2Turn) {
		_ = h.WriteHeaders(http2.HeadersFrameParam{StreamID: h.stream, BlockFragment: headers(":status", "200")})
		h.again(func() error { return h.WriteContinuation(h.stream, false, nil) })
	}},
	"headers that multiply": {bomb, func(h http2Turn) { // 4 kB once, then a byte for each time again
		block := append(headers(":status", "200", "x", strings.Repeat("y", 3900)), bytes.Repeat([]byte{0x80 | 62}, 12_000)...)
		_ = h.WriteHeaders(http2.HeadersFrameParam{StreamID: h.stream, BlockFragment: block, EndHeaders: true, EndStream: true})
	}},
	"a header of 4 GB": {bomb, func(h http2Turn) {
		_ = h.WriteHeaders(http2.HeadersFrameParam{StreamID: h.stream, BlockFragment: []byte{0x00, 0x01, 'x', 0x7f, 0xff, 0xff, 0xff, 0xff, 0x0f}, EndHeaders: true})
	}},
	"a table of headers of 4 GB": {bomb, func(h http2Turn) {
		_ = h.WriteSettings(http2.Setting{ID: http2.SettingHeaderTableSize, Val: 1<<32 - 1})
		_ = h.reply()
	}},
	"body without end": {bomb, func(h http2Turn) { // and without regard to the window
		_ = h.head(false, ":status", "200")
		some := make([]byte, 1<<14)
		h.again(func() error { return h.WriteData(h.stream, false, some) })
	}},
	"a frame of 16 MB":   {bomb, func(h http2Turn) { _, _ = h.net.Write([]byte{0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 1}); h.zeros() }},
	"GOAWAY":             {"GOAWAY", func(h http2Turn) { _ = h.WriteGoAway(0, http2.ErrCodeNo, []byte(hostile)); h.net.Close() }},
	"GOAWAY and a reply": {"GOAWAY", func(h http2Turn) { _ = h.WriteGoAway(h.stream, http2.ErrCodeNo, nil); _ = h.reply() }},
	"GOAWAY in anger": {"GOAWAY", func(h http2Turn) {
		_ = h.WriteGoAway(1<<31-1, http2.ErrCodeEnhanceYourCalm, bytes.Repeat([]byte(hostile), 300))
	}},
	"GOAWAY without end": {"GOAWAY", func(h http2Turn) { h.again(func() error { return h.WriteGoAway(1<<31-1, http2.ErrCodeNo, nil) }) }},
	"a window of 0": {form, func(h http2Turn) {
		_ = h.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize})
		_ = h.reply()
	}},
	"no streams are allowed": {form, func(h http2Turn) {
		_ = h.WriteSettings(http2.Setting{ID: http2.SettingMaxConcurrentStreams})
		_ = h.reply()
	}},
	"a window that overflows": {form, func(h http2Turn) {
		_ = h.WriteWindowUpdate(0, 1<<31-1)
		_ = h.WriteWindowUpdate(0, 1<<31-1)
	}},
	"a frame size of 0": {form, func(h http2Turn) {
		_ = h.WriteRawFrame(http2.FrameSettings, 0, 0, []byte{0, 5, 0, 0, 0, 0})
	}},
	"DATA before the head":   {form, func(h http2Turn) { _ = h.WriteData(h.stream, true, []byte("ok")) }},
	"DATA on no stream":      {form, func(h http2Turn) { _ = h.WriteRawFrame(http2.FrameData, 0, 0, []byte("ok")) }},
	"DATA on another stream": {form, func(h http2Turn) { _ = h.WriteData(h.stream+1000, true, []byte("ok")) }},
	"HEADERS on no stream":   {form, func(h http2Turn) { _ = h.WriteRawFrame(http2.FrameHeaders, 5, 0, headers(":status", "200")) }},
	"a promise": {form, func(h http2Turn) {
		_ = h.WritePushPromise(http2.PushPromiseParam{StreamID: h.stream, PromiseID: 2, BlockFragment: headers(":path", hostile), EndHeaders: true})
	}},
	"headers that are none": {form, func(h http2Turn) {
		_ = h.WriteRawFrame(http2.FrameHeaders, 5, h.stream, []byte(hostile+"\xff\xff\xff\xff\xff\xff\xff\xff\xff"))
	}},
	"no status":             {form, func(h http2Turn) { _ = h.head(true, "x", "y") }},
	"a status that is none": {form, func(h http2Turn) { _ = h.head(true, ":status", hostile) }},
	"escape sequences": {"escape sequences", func(h http2Turn) {
		_ = h.head(false, ":status", "500", "x", hostile)
		_ = h.WriteData(h.stream, true, []byte(hostile))
	}},
	"a length that is wrong": {form, func(h http2Turn) {
		_ = h.head(false, ":status", "200", "content-length", "99")
		_ = h.WriteData(h.stream, true, []byte("ok"))
	}},
	"padding beyond the frame": {form, func(h http2Turn) { _ = h.WriteRawFrame(http2.FrameData, 8, h.stream, []byte{200, 'o'}) }},
	"two heads":                {form, func(h http2Turn) { _ = h.head(false, ":status", "200"); _ = h.head(false, ":status", "200") }},
	"a ping of 7 bytes":        {form, func(h http2Turn) { _ = h.WriteRawFrame(http2.FramePing, 0, 0, make([]byte, 7)) }},
	"an answer to no settings": {form, func(h http2Turn) { h.again(h.WriteSettingsAck) }},
	"random frames": {form, func(h http2Turn) {
		chance := rand.New(rand.NewPCG(uint64(h.stream), 1))
		for range 50 {
			payload := make([]byte, chance.IntN(64))
			for i := range payload {
				payload[i] = byte(chance.Uint32())
			}
			_ = h.WriteRawFrame(http2.FrameType(chance.IntN(12)), http2.Flags(chance.Uint32()), chance.Uint32()&7, payload)
		}
	}},
	"speaks HTTP/2":     {"", func(h http2Turn) { _ = h.reply() }},
	"silence":           {"hang", func(http2Turn) {}},
	"a head and no end": {"hang", func(h http2Turn) { _ = h.head(false, ":status", "200") }},
	"HTTP/1.1 instead":  {form, func(h http2Turn) { _, _ = io.WriteString(h.net, good); h.net.Close() }},
	"closes":            {"random close", func(h http2Turn) { h.net.Close() }},
}

func (h http2Turn) zeros() {
	some := make([]byte, 1<<16)
	h.again(func() error { _, err := h.net.Write(some); return err })
}

// http2Faults are all of them by prior knowledge, with a body that is sent and without.
func http2Faults() (all []fault) {
	for _, role := range slices.Sorted(maps.Keys(http2Roles)) {
		all = append(all, fault{name: "HTTP/2: " + role, noun: http2Roles[role].noun, try: func(r *row) {
			r.run(try{args: r.against(role, append(steady("400ms"), "--http2")...), memory: mostMemory})
			if !r.t.short {
				r.run(try{args: r.against(role, "-w", "rate", "-q", "100", "-c", "8", "-z", "400ms", "--quiet", "--http2", "-m", "POST", "-d", strings.Repeat("x", 100_000)), memory: mostMemory})
			}
		}})
	}
	return all
}

// serveHTTP2 answers the first two requests of all connections as it should: a server
// that never did is not measured.
func serveHTTP2(c net.Conn, requests *atomic.Int64, role http2Role) {
	defer c.Close()
	preface := make([]byte, len(http2.ClientPreface))
	if _, err := io.ReadFull(c, preface); err != nil {
		return
	}
	out := &lockedWriter{to: c}
	framer := http2.NewFramer(out, c)
	framer.AllowIllegalWrites = true
	if framer.WriteSettings() != nil {
		return
	}
	for {
		frame, err := framer.ReadFrame()
		if err != nil {
			return
		}
		switch frame := frame.(type) {
		case *http2.SettingsFrame:
			if !frame.IsAck() {
				_ = framer.WriteSettingsAck()
			}
		case *http2.PingFrame:
			if !frame.IsAck() {
				_ = framer.WritePing(true, frame.Data)
			}
		case *http2.DataFrame:
			if n := uint32(len(frame.Data())); n > 0 {
				_ = framer.WriteWindowUpdate(0, n)
				_ = framer.WriteWindowUpdate(frame.StreamID, n)
			}
			answerHTTP2(framer, c, out, requests, role, frame.StreamID, frame.StreamEnded())
		case *http2.HeadersFrame:
			answerHTTP2(framer, c, out, requests, role, frame.StreamID, frame.StreamEnded())
		}
	}
}

func answerHTTP2(framer *http2.Framer, c net.Conn, out io.Writer, requests *atomic.Int64, role http2Role, stream uint32, ended bool) {
	if !ended {
		return
	}
	turn := http2Turn{Framer: framer, net: c, stream: stream}
	if requests.Add(1) <= 2 {
		_ = turn.reply()
		return
	}
	// What comes meanwhile is read: a peer that can't write would not read either.
	turn.Framer = http2.NewFramer(out, nil)
	turn.AllowIllegalWrites = true
	go role.answer(turn)
}

// lockedWriter takes a frame at a time from whoever writes.
type lockedWriter struct {
	mutex sync.Mutex
	to    io.Writer
}

func (w *lockedWriter) Write(p []byte) (int, error) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return w.to.Write(p)
}
