package engine

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/traffic"
)

// maxCheckedBody is how much of a reply's body is kept to be checked. A longer
// one fails its check, and says so.
const maxCheckedBody = 16 << 20

// maxGoodBody is how long a body may be to be remembered: the portable client has a
// checker for each connection.
const maxGoodBody = 64 << 10

// checker judges replies. It is not safe for concurrent use: each client has one.
type checker struct {
	checks traffic.Checks
	field  []byte // the JSON field
	text   []byte // what the body must contain
	good   []byte // the body of the last reply that passed: the same bytes pass again
	to     []byte // where the last redirect led
	toWhy  string // that in words, which are made once
}

func newChecker(checks traffic.Checks) *checker {
	c := &checker{checks: checks, text: []byte(checks.BodyContains)}
	if checks.JSONField != "" {
		c.field = []byte(checks.JSONField)
	}
	return c
}

// bodyLimit is how much of a reply's body the checks need.
func (c *checker) bodyLimit() int {
	if c.checks.JSONField == "" && c.checks.BodyContains == "" {
		return 0
	}
	return maxCheckedBody
}

// judge returns the cause of a whole reply's failure; ok if there is none.
func (c *checker) judge(p *replyParser) (cause causeKey, ok bool) {
	if c.checks.Status != 0 && p.status != c.checks.Status || c.checks.Status == 0 && p.status >= 400 {
		return causeKey{kind: kindStatus, status: p.status}, false
	}
	if c.bodyLimit() == 0 || len(c.good) > 0 && bytes.Equal(p.body, c.good) {
		return causeKey{}, true
	}
	if p.short {
		return causeKey{kind: kindCheckMemory}, false
	}
	if p.bodySeen > int64(len(p.body)) {
		return causeKey{kind: kindCheckLength}, false
	}
	if p.encoding != identity && len(p.body) > 0 { // off the hot path: the same bytes pass again above
		cause, ok = c.judgeCompressed(p)
	} else {
		cause, ok = c.judgeText(p.body)
	}
	if ok && len(p.body) <= maxGoodBody {
		c.good = append(c.good[:0], p.body...)
	}
	return cause, ok
}

func (c *checker) judgeText(body []byte) (cause causeKey, ok bool) {
	if c.field != nil && !hasField(body, c.field) {
		return causeKey{kind: kindCheckJSON}, false
	}
	if !bytes.Contains(body, c.text) {
		return causeKey{kind: kindCheckBody}, false
	}
	return causeKey{}, true
}

func (c *checker) judgeCompressed(p *replyParser) (cause causeKey, ok bool) {
	if p.encoding == otherEncoding {
		return causeKey{kind: kindCheckEncoding}, false
	}
	plain, taken, whole, err := decompressed(p.body, p.encoding, maxCheckedBody, p.budget)
	defer p.budget.give(taken)
	switch {
	case errors.Is(err, errNoRoom):
		return causeKey{kind: kindCheckMemory}, false
	case err != nil:
		return causeKey{kind: kindCheckCompressed}, false
	case !whole:
		return causeKey{kind: kindCheckLength}, false
	}
	return c.judgeText(plain)
}

// hasField says whether the text is a JSON object with the key at its top level.
func hasField(text, key []byte) bool {
	if !json.Valid(text) {
		return false
	}
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{', '[':
			if depth == 0 && text[i] == '[' {
				return false
			}
			depth++
		case '}', ']':
			depth--
		case '"':
			end := i + 1
			for text[end] != '"' {
				if text[end] == '\\' {
					end++
				}
				end++
			}
			quoted := text[i : end+1]
			i = end
			if depth == 1 && isKey(text[end+1:]) && names(quoted, key) {
				return true
			}
		}
	}
	return false
}

func validJSON(text []byte) bool { return json.Valid(text) }

// isKey says whether a colon follows: what came before is a key, not a value.
func isKey(rest []byte) bool {
	rest = bytes.TrimLeft(rest, " \t\r\n")
	return len(rest) > 0 && rest[0] == ':'
}

// names says whether a JSON string, as it is quoted there, is the key.
func names(quoted, key []byte) bool {
	if bytes.IndexByte(quoted, '\\') < 0 {
		return bytes.Equal(quoted[1:len(quoted)-1], key)
	}
	var name string
	return json.Unmarshal(quoted, &name) == nil && name == string(key)
}

// causeKind is a Cause that needs no text built on the hot path.
type causeKind uint8

const (
	kindNone causeKind = iota
	kindStatus
	kindCheckJSON
	kindCheckBody
	kindCheckLength
	kindCheckMemory
	kindCheckEncoding
	kindCheckCompressed
	kindFixed
)

// causeKey is a cause as the hot path tells it.
type causeKey struct {
	kind   causeKind
	status int
	fixed  measure.Cause
}

func fixed(cause measure.Cause) causeKey { return causeKey{kind: kindFixed, fixed: cause} }

// cause is the key in words.
func (k causeKey) cause(checks traffic.Checks) measure.Cause {
	switch k.kind {
	case kindStatus:
		return measure.Cause("status " + strconv.Itoa(k.status))
	case kindCheckJSON:
		return measure.Cause(fmt.Sprintf("check json field %q", checks.JSONField))
	case kindCheckBody:
		return measure.Cause(fmt.Sprintf("check body contains %q", checks.BodyContains))
	case kindCheckLength:
		return "check body: it is over 16 MiB"
	case kindCheckMemory:
		return "check body: all bodies at once are over 256 MiB"
	case kindCheckEncoding:
		return "check body: its Content-Encoding is neither gzip nor deflate"
	case kindCheckCompressed:
		return "check body: it can't be decompressed"
	}
	return k.fixed
}
