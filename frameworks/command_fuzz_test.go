package frameworks

import "testing"

// Any --cmd is refused or becomes a contender with an id and a program.
func FuzzCommand(f *testing.F) {
	for _, spec := range []string{"mine=./server --port {port}", "A=1 B='x y' ./s", "=x", "a=b=c", `"un closed`, `\`, "é=./s", "'' {port}", "x=''", "日本=./s", "a && b", "\u202e=x"} {
		f.Add(spec)
	}
	f.Fuzz(func(t *testing.T, spec string) {
		contender, err := Command(spec)
		if err != nil {
			return
		}
		manifest := contender.Manifest
		if !givenID.MatchString(manifest.ID) || len(manifest.ID) > 64 || manifest.Name == "" || len(manifest.Run.Command) == 0 {
			t.Errorf("%q became %+v", spec, manifest)
		}
	})
}
