package build

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// fakeScript is a program that does what a shell script says.
func fakeScript(t *testing.T, dir, name, script string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("NOT CHECKED: the fake toolchains are shell scripts")
	}
	if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
}

// A dotnet as it answers with SDKs 8 and 10 installed in a folder that its name in PATH
// does not tell; without the invariant mode it ends, as it does without libicu.
const dotnetOfTwo = `
case "$1" in
--list-sdks) echo "8.0.404 [/usr/share/dotnet/sdk]"; echo "10.0.401 [/usr/share/dotnet/sdk]"; exit 0;;
--list-runtimes)
	echo "Microsoft.AspNetCore.App 8.0.31 [/usr/share/dotnet/shared/Microsoft.AspNetCore.App]"
	echo "Microsoft.AspNetCore.App 10.0.12 [/usr/share/dotnet/shared/Microsoft.AspNetCore.App]"
	echo "Microsoft.NETCore.App 10.0.12 [/usr/share/dotnet/shared/Microsoft.NETCore.App]"; exit 0;;
esac
[ "$DOTNET_SYSTEM_GLOBALIZATION_INVARIANT" = 1 ] || kill -ABRT $$
[ "$1" = --version ] && echo 10.0.401
`

// What a runtime without an SDK answers.
const dotnetRuntime = `
case "$1" in
--list-sdks) exit 0;;
--list-runtimes) echo "Microsoft.NETCore.App 10.0.12 [/usr/share/dotnet/shared/Microsoft.NETCore.App]"; exit 0;;
esac
echo "The command could not be loaded, possibly because:"
exit 155
`

func TestDotnetIsFoundWithItsHome(t *testing.T) {
	dir := t.TempDir()
	fakeScript(t, dir, "dotnet", dotnetOfTwo)
	builder := withPATH(t, dir)
	for id, want := range map[string]string{
		"dotnet8-aot":  "with .NET SDK 10.0.401; a first build downloads 435 MB",
		"dotnet9-aot":  "with .NET SDK 10.0.401; a first build downloads 435 MB",
		"dotnet10-aot": "with .NET SDK 10.0.401; a first build downloads 435 MB",
		"dotnet10":     "with .NET SDK 10.0.401, ASP.NET Core runtime 10.0.12",
	} {
		c := embeddedContender(t, id)
		if state := builder.State(t.Context(), c); state.Kind != CanBeBuilt || state.Reason != want {
			t.Errorf("%s is %v\nwant %s", id, state, want)
		}
		if _, unverified := c.Manifest.Unverified(); unverified {
			t.Errorf("%s is not verified, and was built and run", id)
		}
	}
	jit := embeddedContender(t, "dotnet10")
	view, err := builder.look(t.Context(), jit)
	if err != nil {
		t.Fatal(err)
	}
	if got := builder.values(jit, view.tools)["aspnetcore.home"]; got != "/usr/share/dotnet" {
		t.Errorf("the runtime is in %s", got)
	}
}

// A dotnet in PATH is often a link to where it is installed, and old ones list no SDKs.
func TestDotnetThatOnlyTellsItsVersionIsAtTheEndOfItsLink(t *testing.T) {
	home, bin := t.TempDir(), t.TempDir()
	fakeScript(t, home, "dotnet", "[ \"$1\" = --version ] && echo 10.0.401\n")
	if err := os.Symlink(filepath.Join(home, "dotnet"), filepath.Join(bin, "dotnet")); err != nil {
		t.Fatal(err)
	}
	c := embeddedContender(t, "dotnet10-aot")
	view, err := withPATH(t, bin).look(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	want, err := filepath.EvalSymlinks(home)
	if got := view.tools["dotnet"]; err != nil || got.version != "10.0.401" || got.home != want {
		t.Errorf("found %+v, want it in %s (%v)", got, want, err)
	}
}

func TestRuntimeWithoutSDKIsNamed(t *testing.T) {
	dir := t.TempDir()
	fakeScript(t, dir, "dotnet", dotnetRuntime)
	builder := withPATH(t, dir)
	state := builder.State(t.Context(), embeddedContender(t, "dotnet8-aot"))
	if want := "needs .NET SDK 8 or newer (dotnet 10.0.12 is here, but no SDK: install one from dot.net)"; state.Kind != Missing || state.Reason != want {
		t.Errorf("state %v\nwant missing: %s", state, want)
	}
	state = builder.State(t.Context(), embeddedContender(t, "dotnet10"))
	if want := "dotnet 10.0.12 is here, but no ASP.NET Core runtime 10, which runs it: install it from dot.net"; state.Kind != Missing || !strings.Contains(state.Reason, want) {
		t.Errorf("state %v\nwant it to hold %s", state, want)
	}
}

// A dotnet that builds nothing, but says what it was asked and how it was asked, and
// fails as the case says.
func publishing(fails string) string {
	return dotnetOfTwo + `
[ "$1" = publish ] || exit 0
for name in DOTNET_GENERATE_ASPNET_CERTIFICATE DOTNET_ADD_GLOBAL_TOOLS_TO_PATH DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE DOTNET_SYSTEM_GLOBALIZATION_INVARIANT; do
	eval "echo $name=\$$name"
done
ls -a | tr '\n' ' '
echo
` + fails
}

func TestDotnetBuildTouchesNothingAndSaysWhatIsWrong(t *testing.T) {
	for _, c := range []struct{ name, id, fails, want string }{
		{"no network", "dotnet8-aot", `
for i in 1 2 3; do
	echo "$PWD/dotnet8-aot.csproj : error NU1301: Unable to load the service index for source https://api.nuget.org/v3/index.json. [TargetFramework=net8.0, $i]"
	echo "$PWD/dotnet8-aot.csproj : error NU1301:   Resource temporarily unavailable (api.nuget.org:443)"
done
exit 1
`, "build dotnet8-aot: publish: exit status 1: NuGet can't reach https://api.nuget.org (NU1301): is there a network? (log: "},
		{"no such packages", "dotnet7-aot", `
echo "$PWD/dotnet7-aot.csproj : error NU1102: Unable to find package Microsoft.NETCore.App.Ref with version (= 7.0.20)"
echo "$PWD/dotnet7-aot.csproj : error NU1102:   - Found 45 version(s) in nuget.org [ Nearest version: 8.0.0 ]"
echo "$PWD/dotnet7-aot.csproj : error NU1101: Unable to find package runtime.linux-x64.Microsoft.DotNet.ILCompiler. No packages exist with this id in source(s): nuget.org"
exit 1
`, "build dotnet7-aot: publish: exit status 1: the registry has no Microsoft.NETCore.App.Ref 7.0.20; the registry has no runtime.linux-x64.Microsoft.DotNet.ILCompiler (log: "},
		{"another fault", "dotnet9-aot", `
echo "Program.cs(3,1): error CS1002: ; expected"
exit 1
`, "build dotnet9-aot: publish: exit status 1: Program.cs(3,1): error CS1002: ; expected (log: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			fakeScript(t, dir, "dotnet", publishing(c.fails))
			builder := withPATH(t, dir, "/usr/bin", "/bin")
			var said []string
			_, err := builder.Build(t.Context(), embeddedContender(t, c.id), func(line string) { said = append(said, line) })
			if err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("error %v\nwant  %s", err, c.want)
			}
			if said[0] != "# a first build downloads 435 MB" {
				t.Errorf("the build begins with %q", said[0])
			}
			all := strings.Join(said, "\n")
			for _, want := range []string{
				"DOTNET_GENERATE_ASPNET_CERTIFICATE=false", "DOTNET_ADD_GLOBAL_TOOLS_TO_PATH=false",
				"DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE=true", "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1",
				// What keeps a parent folder's out.
				"Directory.Build.props", "Directory.Build.rsp", "Directory.Build.targets", "Directory.Packages.props", "global.json",
				c.id + ".csproj",
			} {
				if !strings.Contains(all, want) {
					t.Errorf("the build lacks %s:\n%s", want, all)
				}
			}
		})
	}
}

// Of a build that downloaded all it needs nothing is told any more, whatever changed since.
func TestDownloadIsToldUntilTheFirstBuildIsWhole(t *testing.T) {
	dir := t.TempDir()
	// It makes what publish --output names, which tells its version.
	fakeScript(t, dir, "dotnet", dotnetOfTwo+`
while [ $# -gt 0 ]; do [ "$1" = --output ] && out=$2; [ "${1%.csproj}" != "$1" ] && id=${1%.csproj}; shift; done
[ -n "$out" ] || exit 0
printf '#!/bin/sh\necho 8.0.31\n' > "$out/$id" && chmod +x "$out/$id"
`)
	builder, c := withPATH(t, dir, "/usr/bin", "/bin"), embeddedContender(t, "dotnet8-aot")
	var said []string
	built, err := builder.Build(t.Context(), c, func(line string) { said = append(said, line) })
	if err != nil || built.Version != "ASP.NET Core 8.0.31" || said[0] != "# a first build downloads 435 MB" {
		t.Fatalf("built %+v: %v; said %q", built, err, said)
	}
	c.Manifest.Build[0].Name = "publish it" // as a newer benchtui may
	if state := builder.State(t.Context(), c); state.Kind != CanBeBuilt || strings.Contains(state.Reason, "downloads") {
		t.Errorf("state %v", state)
	}
	if other := builder.State(t.Context(), embeddedContender(t, "dotnet9-aot")); !strings.Contains(other.Reason, "downloads 435 MB") {
		t.Errorf("of another it is told: %v", other)
	}
}

// The program of ASP.NET Core 7 is one of its own, beside that of the others.
func TestDotnetSourcesAreOneFolder(t *testing.T) {
	for id, apart := range map[string]bool{"dotnet7-aot": true, "dotnet8-aot": false, "dotnet9-aot": false, "dotnet10-aot": false, "dotnet10": false} {
		dir := t.TempDir()
		if err := copySources(embeddedContender(t, id), dir); err != nil {
			t.Fatal(err)
		}
		_, err := os.Stat(filepath.Join(dir, "dotnet7-aot", "Program.cs"))
		if (err == nil) != apart {
			t.Errorf("%s: the program of .NET 7 is there: %v, want %v", id, err == nil, apart)
		}
		for _, name := range []string{id + ".csproj", "Program.cs", "appsettings.json"} {
			if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
				t.Errorf("%s: %v", id, err)
			}
		}
	}
}
