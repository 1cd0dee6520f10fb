# make test    everything that must hold: formatting, vet, staticcheck, all tests of all modules
# make demo    registers real works, alters them, and shows what is recognised
# make race    the tests with the race detector; needs a C compiler
# make fuzz    every fuzz test for FUZZTIME
# make bench   every benchmark once, with allocations

.POSIX:
.PHONY: test demo race fuzz bench lint tests modules

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
