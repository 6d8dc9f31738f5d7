package foreign

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestTextIsHarmless(t *testing.T) {
	for given, want := range map[string]string{
		"": "",
		"plain, ünïcödé, 日本, 👩‍👩‍👧, नमस्ते": "plain, ünïcödé, 日本, 👩‍👩‍👧, नमस्ते",
		"a\tb\nc":                                    "a b\nc",
		"a\r\nb\rc\vd\fe\x00f":                       "a\nbcdef",
		"\x1b[31mred\x1b[0m":                         "red",
		"a\x1b[2Jb\x1b[?1049hc":                      "abc",
		"a\x1b]0;title\x07b":                         "ab",
		"a\x1b]52;c;SGk=\x1b\\b":                     "ab",
		"a\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\b": "alinkb",
		"a\x1bPdevice\x1b\\b\x1b_app\x1b\\c\x1b^pm\x1b\\d\x1bXsos\x1b\\e": "abcde",
		"a\u009b2Jb\u009d0;title\u009cc\u0090dcs\u009cd\u0085e":           "abcde",
		"a\x1b(Bb\x1bcc\x1b7d\x1b=e":                                      "abcde",
		"a\x1b":                                                           "a",
		"a\x1b[":                                                          "a",
		"a\x1b[31":                                                        "a",
		"a\x1b]0;no end, the rest stays":                                  "a0;no end, the rest stays",
		"a\x1b]0;no end\nthe next line\x07 stays":                         "a0;no end\nthe next line stays",
		"a\x1b]0;x\x1b[31mb":                                              "ab",
		"a\x1b\x1b[31mb":                                                  "ab",
		"a\x7f\x08b":                                                      "ab",
		"user\u202Egnp.exe\u202c \u2066x\u2069 \u200f\u061cy": "usergnp.exe x y",
		"a\u200bb\ufeffc\u2060d\U000e0041e":                   "abcde",
		"a\u2028b\u2029c":                                     "a\nb\nc",
		"a\x9b2Jb\xff":                                        "a�2Jb�",
		"a\xc2\x1b[m\x9b2J":                                   "a��2J",
		"shown as it is: �":                                   "shown as it is: �",
	} {
		if got := Text(given); got != want {
			t.Errorf("Text(%q) = %q, want %q", given, got, want)
		}
	}
}

func TestLineIsOne(t *testing.T) {
	for given, want := range map[string]string{"a\nb": "a b", "a\r\nb\n": "a b", " kept ": " kept ", "a\u2028b": "a b"} {
		if got := Line(given); got != want {
			t.Errorf("Line(%q) = %q, want %q", given, got, want)
		}
	}
}

func FuzzTextIsHarmless(f *testing.F) {
	f.Add("a\x1b]52;c;SGk=\x1b\\\u009b2J\u202e\xff")
	f.Fuzz(func(t *testing.T, text string) {
		got := Text(text)
		for _, r := range got {
			if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) {
				t.Fatalf("Text(%q) = %q", text, got)
			}
		}
		if !utf8.ValidString(got) || Text(got) != got || strings.Contains(Line(text), "\n") {
			t.Fatalf("Text(%q) = %q", text, got)
		}
	})
}

type inner struct {
	Name   string
	Reason string `foreign:"lines"`
	hidden string
}

type outer struct {
	Inner   inner
	List    []inner
	Pointer *inner
	Any     any
	By      map[string]string
	Numbers []uint64
	Bytes   []byte
	Array   [2]string
}

func TestValueIsCleanedWithoutChangingWhoseItIs(t *testing.T) {
	const bad = "a\x1b[2J\nb"
	dirty := func() outer {
		one := inner{bad, bad, bad}
		return outer{
			Inner: one, List: []inner{{Name: "fine"}, one}, Pointer: &one, Any: []string{bad},
			By: map[string]string{bad: bad, "fine": "fine"}, Numbers: []uint64{1}, Bytes: []byte(bad), Array: [2]string{"fine", bad},
		}
	}
	clean := inner{"a b", "a\nb", bad}
	want := outer{
		Inner: clean, List: []inner{{Name: "fine"}, clean}, Pointer: &clean, Any: []string{"a b"},
		By: map[string]string{"a b": "a b", "fine": "fine"}, Numbers: []uint64{1}, Bytes: []byte(bad), Array: [2]string{"fine", "a b"},
	}
	given := dirty()
	if got := Value(given); !reflect.DeepEqual(got, want) {
		t.Errorf("cleaned: %+v\nwant     %+v", got, want)
	}
	if !reflect.DeepEqual(given, dirty()) {
		t.Errorf("what was given is now %+v", given)
	}
	harmless := Value(want)
	if &harmless.List[0] != &want.List[0] || harmless.Pointer != want.Pointer {
		t.Error("what is harmless was copied")
	}
}

func TestWriterWaitsForTheRestOfACharacter(t *testing.T) {
	var out bytes.Buffer
	w := NewWriter(&out)
	for _, part := range []string{"a\xe6\x97", "\xa5\tb\x1b[2J", "\xf0\x9f", "\xa5\x87\n", "\u202e."} {
		if n, err := w.Write([]byte(part)); n != len(part) || err != nil {
			t.Fatal(n, err)
		}
	}
	if got := out.String(); got != "a日\tb🥇\n." {
		t.Errorf("written: %q", got)
	}
}
