# collectsim: `make run` builds the command and plays the default scenario into out/; `make test` runs the tests.
# Both need Go alone. `make check` is what a change must pass (it needs git and a C compiler, for the race detector).

BIN := bin/collectsim
FUZZTIME ?= 30s
export CGO_ENABLED := 0

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: explore notebooks readers gallery check-gallery help build man run test slow race check format vet staticcheck check-imports check-tidy check-portable check-generate generate golden bench fuzz clean

help: ## lists the targets
	@sed -n '1,2s/^# //p' Makefile
	@sed -n 's/^\([a-z-]*\):.* ## /  make \1\t/p' Makefile | expand -t 24

build: ## builds bin/collectsim
	go build -trimpath -o $(BIN) ./cmd/collectsim

man: build ## writes man/*.1, the manual pages of all commands
	$(BIN) man -o man

run: build ## plays the default scenario into out/ and prints the comparison
	$(BIN) run -o out --force

test: ## runs the tests
	go test ./...

slow: ## runs the tests with the long statistical ones
	COLLECTSIM_SLOW=1 go test -timeout 40m ./...

CHECKS ?= 1000
explore: ## hunts for faults: every property CHECKS (1000) times, with new seeds
	go test -timeout 4h -count 1 $$(go list -f '{{join .TestImports " "}} {{join .XTestImports " "}} {{.ImportPath}}' ./... | sed -n '/internal\/sameseed /s/.* //p') -rapid.seed=0 -rapid.checks=$(CHECKS)

# Of the command's tests the scripts, which run every command in this process; the others start processes of
# their own, which the detector does not see. `make test` runs them all.
race: ## runs the tests under the race detector; needs a C compiler
	@command -v "$$(go env CC)" >/dev/null || { echo "make race: no C compiler $$(go env CC): the race detector needs one" >&2; exit 1; }
	CGO_ENABLED=1 go test -race -timeout 30m $$(go list ./... | grep -v /cmd/)
	CGO_ENABLED=1 go test -race -timeout 30m -run Script ./cmd/collectsim

check: format vet staticcheck check-imports check-tidy check-portable check-generate race ## everything that a change must pass

format: ## fails on files that gofumpt would change
	@files=$$(go tool gofumpt -l .) || exit 1; [ -z "$$files" ] || { echo "not formatted, run go tool gofumpt -w on:" >&2; echo "$$files" >&2; exit 1; }

vet:
	go vet ./...

staticcheck:
	go tool staticcheck ./...

check-imports: ## proves who may import whom
	go test ./internal/imports

check-tidy:
	go mod tidy -diff

# On amd64 a product is rounded before it is added to; on arm64 the compiler fuses the two where no conversion forbids it.
check-portable: ## fails where a processor could round what is simulated otherwise than another
	@log=$$(mktemp) && trap 'rm -f "$$log"' EXIT && \
	{ GOARCH=arm64 go build -trimpath -gcflags='collectsim/sim/...=-S' ./sim/... >"$$log" 2>&1 || { tail "$$log" >&2; exit 1; }; } && \
	fused=$$(sed -nE 's/.*\((collectsim[^()]*)\).*FN?M(ADD|SUB)[SD].*/\1/p' "$$log" | sort -u) && [ -z "$$fused" ] || \
	{ echo "a product that is added to may be fused with the sum, write float64(a*b) + c or float32(a*b) + c:" >&2; echo "$$fused" >&2; exit 1; }

# Compares the work tree before and after, so that it works among uncommitted changes too.
check-generate: ## fails if generated files are out of date
	@state() { git status --porcelain && git diff; }; \
	before=$$(state) || exit 1; $(MAKE) --no-print-directory generate || exit 1; \
	[ "$$(state)" = "$$before" ] || { echo "generated files were out of date; see git diff, and commit them:" >&2; git status --short >&2; exit 1; }

generate: ## rewrites generated files
	go generate ./...

gallery: build ## redraws docs/gallery.md and its pictures from small runs; look at them before you commit
	scripts/gallery.sh docs

check-gallery: build ## fails if the gallery is out of date
	@new=$$(mktemp -d) && trap 'rm -rf "$$new"' EXIT && scripts/gallery.sh "$$new" && \
	diff -rq "$$new/gallery" docs/gallery && diff "$$new/gallery.md" docs/gallery.md || \
	{ echo "the gallery is out of date: run make gallery, look at the pictures, and commit them" >&2; exit 1; }

notebooks: build ## runs the notebooks and writes their output into them; needs python3 with nbclient, ipykernel, pandas, matplotlib
	python3 notebooks/execute.py

readers: ## installs the outside readers that TestOutsideReaders compares with; needs npm
	npm install --prefix tests/readers --no-audit --no-fund

golden: ## rewrites the golden files of tests; commit them with the reason
	go test $$(grep -rlE 'flag\.Bool\("update"' --include='*_test.go' . | xargs -n1 dirname | sort -u) -update

bench: ## measures the engine: borrower-days/s, bytes/account
	go test -run '^$$' -bench 'Floor|Engine' -benchmem ./sim

fuzz: ## fuzzes every parser for FUZZTIME (30s) each
	@grep -roE '^func Fuzz[A-Za-z0-9_]*' --include='*_test.go' . | sort | while IFS=: read -r file name; do \
		go test -run '^$$' -fuzz "^$${name#func }$$" -fuzztime $(FUZZTIME) "$$(dirname "$$file")" || exit 1; done

clean: ## removes bin/, man/ and out/
	rm -rf bin man out
