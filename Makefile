# The verbs of this project. Bare `make` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
export CGO_ENABLED ?= 0
TOOL := go tool -modfile=tools/go.mod

help: ## list the verbs
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: build ## build, then run everything on this machine with demo data: http://127.0.0.1:8080
	bin/runledger up --demo

build: ## leave the binary in bin/runledger
	@mkdir -p bin
	go build -trimpath -o bin/runledger ./cmd/runledger

test: ## vet and run all tests against a real ClickHouse and a real broker
	go vet ./...
	go test -timeout 20m ./...

race: ## the tests of the concurrent packages under the race detector (needs a C compiler)
	CGO_ENABLED=1 go test -race -timeout 20m -short ./internal/... ./ingest/... ./normalize/...

lint: ## run the linters
	$(TOOL) golangci-lint run ./...

fmt: ## format all Go files
	$(TOOL) gofumpt -w $$(git ls-files '*.go')

fuzz: ## fuzz every parser for FUZZTIME (default 1m) each
	@for p in $$(grep -rl --include=*_test.go 'func Fuzz' . | xargs -n1 dirname | sort -u); do \
	  for f in $$(grep -h -o 'func Fuzz[A-Za-z0-9_]*' $$p/*_test.go | cut -d' ' -f2); do \
	    echo "$$p $$f"; go test -run '^$$' -fuzz "^$$f$$" -fuzztime $(or $(FUZZTIME),1m) $$p || exit 1; done; done

golden: ## rewrite the golden files; read the diff before you commit it
	go test ./normalize/... -run Golden -update

docs: ## rewrite what the documentation takes from the code; read the diff before you commit it
	go test ./normalize/formats -run Mappings -update
	go test ./normalize/formats -run Page -update

bench: build ## measure speed and memory on this machine; the report lands in bench/results
	bin/runledger bench --out bench/results

faults: ## the long fault run: 200,000 events, 60 kill -9
	RUNLEDGER_FAULT_EVENTS=200000 RUNLEDGER_FAULT_KILLS=60 go test -count=1 -timeout 60m -run Fault -v ./ingest/...

clean: ## remove what was built, and the data of `make run`
	rm -rf bin data

.PHONY: help run build test race lint fmt fuzz golden docs bench faults clean
