# Three commands matter: `make run` starts benchtui, `make check` takes seconds, `make test` passes all tests.

GO ?= go
# The linter's version is pinned here and nowhere else; Go fetches and caches it.
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
# Runs the tests where those that fail are to be asked again.
GOTESTSUM := gotest.tools/gotestsum@v1.13.0
VULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.9.0
PLATFORMS := linux/amd64 linux/arm64 linux/386 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64
# Those that are built, so that nothing keeps them from it, and not released.
ALSO := freebsd/amd64 openbsd/amd64 netbsd/amd64

# What make test-contenders checks, the first named first, and how long it may build: 15m; empty: as long as it takes.
CONTENDERS ?= all
WITHIN ?=
# Lint has vetted; one package at a time, for some of them measure.
TESTING := -race -p 1 -vet=off -timeout 20m
# How many tests may fail and be asked once more by make test, each alone and when all others have ended. Those that
# measure are at the mercy of what else the machine does; one that passes then is named, and CI alone goes on. Where the
# tool for that can't be fetched, none is asked again.
AGAIN ?= 0
# How often make test-healthy runs each of them.
RUNS ?= 10

# What make pictures plays, and for the builds, of which the demo has none.
RECORDING ?= demo/demo.btr
BUILDS ?= tui/testdata/run.btr

.PHONY: torture soak fuzz vulncheck licences test-windows run build check test test-contenders test-healthy lint cross bench bench-engine bench-tui bench-why crosscheck pool pictures demo-recording clean help

help: ## show this
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST)

run: build ## build benchtui and start it
	./benchtui

build: ## build ./benchtui
	CGO_ENABLED=0 $(GO) build -trimpath -o benchtui .

check: ## gofmt, go vet and the tests that don't measure
	@unformatted=$$(gofmt -l $$(git ls-files '*.go' 2>/dev/null || find . -name '*.go')); \
	if [ -n "$$unformatted" ]; then echo "gofmt would change: $$unformatted"; exit 1; fi
	$(GO) vet ./...
	$(GO) test -short -vet=off -ldflags=-w ./... # vetted above; without what debuggers read, 80 programs are linked sooner
	@echo "NOT CHECKED: what measures, live runs and end-to-end tests; make test has all"

test: lint cross ## vet, lint, cross-compile, and all tests with the race detector
	@if [ "$(AGAIN)" -gt 0 ] && $(GO) run $(GOTESTSUM) --version; then set -x; \
		$(GO) run $(GOTESTSUM) --format standard-quiet --rerun-fails=1 --rerun-fails-max-failures=$(AGAIN) \
			--rerun-fails-abort-on-data-race --packages ./... -- $(TESTING); \
	else set -x; $(GO) test $(TESTING) ./...; fi

test-contenders: ## build every contender that this machine can, and check what its server does
	BENCHTUI_TEST_CONTENDERS="$(CONTENDERS)" BENCHTUI_TEST_CONTENDERS_WITHIN="$(WITHIN)" \
		$(GO) test -count=1 -timeout 90m -run '^TestContendersConform$$' -v ./internal/run

test-healthy: ## run every contender ten times under loads that it sustains: no finding may be told (RUNS=10)
	BENCHTUI_TEST_HEALTHY="$(CONTENDERS)" BENCHTUI_TEST_HEALTHY_RUNS="$(RUNS)" \
		$(GO) test -count=1 -timeout 180m -run '^TestHealthyContendersHaveNoFinding$$' -v ./internal/run

lint: ## gofmt, go vet, staticcheck
	@unformatted=$$(gofmt -l $$(git ls-files '*.go' 2>/dev/null || find . -name '*.go')); \
	if [ -n "$$unformatted" ]; then echo "gofmt would change: $$unformatted"; exit 1; fi
	$(GO) vet ./...
	$(GO) run $(STATICCHECK) ./...

cross: ## compile for every platform of a release
	@for platform in $(PLATFORMS) $(ALSO); do \
		echo "build for $$platform"; \
		GOOS=$${platform%/*} GOARCH=$${platform#*/} CGO_ENABLED=0 $(GO) build -o /dev/null ./... || exit 1; \
	done

bench: ## benchmarks of the rooms
	$(GO) test -run '^$$' -bench . -benchmem ./...

bench-engine: ## the engine beside wrk, wrk2, bombardier, vegeta and k6, those of them in PATH (Linux)
	$(GO) build -o bin/bench ./internal/tools/enginebench
	./bin/bench $(BENCH)

bench-tui: build ## what the screen costs: a frame, a whole run beside --plain, an hour's memory (Linux)
	$(GO) test -run '^$$' -bench View -benchmem ./tui
	$(GO) build -o bin/bench-tui ./internal/tools/screencost
	./bin/bench-tui $(BENCH)
	$(GO) test -count=1 -run '^TestMemoryIsSteadyOverAnHour$$' -v ./tui

bench-why: build ## what each profiler costs a server, and whether figures are the same with --why and without (Linux)
	$(GO) build -o bin/profilecost ./internal/tools/profilecost
	./bin/profilecost $(BENCH)

pictures: ## the documentation's pictures, from a recording of a real run
	$(GO) run ./internal/tools/pictures -recording $(RECORDING) -out docs/screens -without build -film docs/benchtui.gif
	$(GO) run ./internal/tools/pictures -recording $(BUILDS) -out docs/screens -only build
	$(GO) run ./internal/tools/pictures -recording docs/why.btr -out docs/screens -only why-panel,why-flame,why-flame-small,why-stage

crosscheck: build ## benchtui beside wrk, oha (closed), vegeta, k6 and wrk2 (constant rate): do their figures agree? (Linux)
	$(GO) build -o bin/bench ./internal/tools/enginebench
	./bin/bench crosscheck $(CROSSCHECK)

pool: ## the same loads by 1, 2, 4 and 8 event loops, by the portable client, vegeta and wrk: one pool, one distribution (Linux)
	$(GO) build -o bin/bench ./internal/tools/enginebench
	./bin/bench pool $(POOL)

torture: build ## try faults on ./benchtui: servers, signals, machines, files; a table of what came of each; best as root (Linux)
	$(GO) build -o bin/torture ./internal/tools/torture
	$(GO) build -tags injectpanics -o bin/benchtui-panics .
	./bin/torture -benchtui ./benchtui -panics bin/benchtui-panics $(TORTURE)

# How long make fuzz tries each of them.
FUZZ ?= 60s

# Go would spend up to a minute on making each input small that reaches new code, which
# of files of kilobytes is all the time there is; a hundred tries do.
fuzz: ## every fuzz target for a while (FUZZ=60s)
	@for file in $$(grep -rl --include='*_test.go' '^func Fuzz' .); do \
		for target in $$(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' $$file); do \
			echo "$$target in $${file%/*}"; \
			$(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZ) -fuzzminimizetime 100x $${file%/*} || exit 1; \
		done; \
	done

# How long make soak loads: SOAK=10m is its short form.
SOAK ?= 1h

soak: build ## a constant rate for an hour: memory and descriptors level, every interval there, counts equal (SOAK=10m) (Linux)
	$(GO) build -o bin/torture ./internal/tools/torture
	./bin/torture -benchtui ./benchtui -soak $(SOAK)

vulncheck: ## known vulnerabilities that our code reaches; needs the network
	$(GO) run $(VULNCHECK) ./...

licences: ## write docs/licences.md
	$(GO) run ./internal/tools/licences

test-windows: ## the short tests as Windows runs them, under Wine 10 or newer
	GO=$(GO) internal/tools/test-windows.sh

demo-recording: ## run anew what benchtui demo plays; the machine should do nothing else
	GO=$(GO) demo/record.sh

clean: ## remove what build made
	rm -rf benchtui bin
