package profile

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	prof "github.com/benchtui/benchtui/internal/profile"
)

// jfrText is what jfr of JDK 25 printed of three samples of a small server.
func jfrText(t testing.TB) []byte {
	t.Helper()
	packed, err := os.Open(filepath.Join("testdata", "jfr-25.json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	unpacked, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(unpacked)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestSamplesOfTheFlightRecorder(t *testing.T) {
	p, err := fromJFR(bytes.NewReader(jfrText(t)), 7)
	if err != nil {
		t.Fatal(err)
	}
	if p.Count() != 3 || p.Total() != 3*jfrPeriod || p.Source != JFRSource || len(p.Threads) != 2 || p.Threads[0].Name != "pool-1-thread-3" || p.Threads[0].Loop {
		t.Errorf("%+v", p)
	}
	hot := p.Hottest(prof.OwnFirst)
	if hot[0].Name != "Hot.work" || hot[0].Place() != "Hot.java:5" || hot[0].Self != 2*jfrPeriod || hot[0].Kind != prof.Own {
		t.Errorf("the hottest is %+v", hot[0])
	}
	kinds := map[string]prof.Kind{}
	for _, one := range hot {
		kinds[one.Name] = one.Kind
	}
	for name, want := range map[string]prof.Kind{
		"Hot.lambda$main$0": prof.Own, "Hot$$Lambda.handle": prof.Own, "com.sun.net.httpserver.Filter$Chain.doFilter": prof.Library,
		"java.lang.Thread.run": prof.Library, "sun.net.httpserver.ServerImpl$Exchange.run": prof.Library, "sun.invoke.util.VerifyAccess.ensureTypeVisible": prof.Runtime,
	} {
		if kind, found := kinds[name]; kind != want || !found {
			t.Errorf("%s is %s (found: %v), want %s", name, kind, found, want)
		}
	}
}

func FuzzFlightRecorder(f *testing.F) {
	f.Add(jfrText(f))
	f.Add([]byte(`{"recording":{"events":[{"values":{"stackTrace":null}}]}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := fromJFR(bytes.NewReader(text), 7)
		if err == nil {
			p.Hottest(prof.OwnFirst)
		}
	})
}

func TestSourceOfAClass(t *testing.T) {
	for class, want := range map[string]string{
		"com.acme.App": "App.java", "com.acme.App$Handler": "App.java", "com.acme.MainKt": "Main.kt", "Kt": "Kt.java", "com.acme.App$$Lambda": "App.java", "": "",
	} {
		if got := sourceOf(class); got != want {
			t.Errorf("%q is in %q, want %q", class, got, want)
		}
	}
}

func TestVersionOfJava(t *testing.T) {
	for version, want := range map[string]int{"17.0.15": 17, "25": 25, "1.8.0_402": 8, "": 0, "x": 0} {
		if got := (jdk{version: version}).major(); got != want {
			t.Errorf("%q is %d, want %d", version, got, want)
		}
	}
}

func TestRuntimeWithoutToolsIsToldWithWhatMendsIt(t *testing.T) {
	if !strings.Contains(jdkFix(17), "17") || jdkFix(0) == "" {
		t.Error(jdkFix(17), jdkFix(0))
	}
	for _, c := range []struct {
		version, said, want string
	}{
		{"1.8.0_402", "java.lang.IllegalArgumentException: Unknown diagnostic command", "Java 11 or newer"},
		{"17.0.1", "com.sun.tools.attach.AttachNotSupportedException: The VM does not support the attach mechanism", "DisableAttachMechanism"},
	} {
		if got := (jdk{version: c.version}).startFix(c.said); !strings.Contains(got, c.want) {
			t.Errorf("%s: %q", c.version, got)
		}
	}
}

func TestServerThatIsNotOursIsLeftAlone(t *testing.T) {
	err := foreignJVM(7)
	var refusal *Refusal
	if !errors.As(err, &refusal) || !strings.Contains(refusal.Fix, "jcmd 7 JFR.start") {
		t.Error(err)
	}
}
