# Cairn: what can be done with it, each by one command. `make` alone lists them.

.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory

# Settings of run, run-aws-local, demo and key, and of load and traffic; infra/local reads them from the environment, where make
# puts what its command line says.
export PORT DATA KEY SECRET FALLBACK_VERSION EXPORT RAW FORMAT TOKEN_ISSUERS CONSOLE_CLIENT_ID CONSOLE_CLIENT_SECRET LOG_LEVEL MEMORY SCOPES LABEL AWS SHARDS
export STATEMENTS SEED DAYS FROM

STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
ACTIONLINT := github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
SAM := SAM_CLI_TELEMETRY=0 .build/sam/bin/sam
# One of each partition that the template must fit.
REGIONS := eu-central-1 us-gov-west-1 eusc-de-east-1 cn-north-1

.PHONY: help
help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Built first and then replaced by it, so that Ctrl-C stops Cairn and nothing else.
.PHONY: cairn
cairn:
	@go build -o .build/cairn ./infra/local

.PHONY: run
run: cairn ## serve xAPI from this machine; PORT= DATA= KEY= SECRET= FALLBACK_VERSION= MEMORY=1
	@exec .build/cairn

.PHONY: demo
demo: cairn ## the same as run, with a few months of a small organisation in it
	@exec .build/cairn -demo

.PHONY: run-aws-local
run-aws-local: cairn parts ## the same as run on DynamoDB Local and an S3 server
	@exec .build/cairn -aws

.PHONY: key
key: cairn ## make a key and print it; SCOPES="statements/write statements/read" LABEL="My course" DATA=
	@exec .build/cairn key

.PHONY: verify
verify: cairn ## prove that all that is stored agrees; DATA=, AWS=1 for the data of run-aws-local
	@exec .build/cairn verify

.PHONY: rebuild
rebuild: cairn ## make index and reports anew from the log; DATA=, AWS=1 for the data of run-aws-local
	@exec .build/cairn rebuild

.PHONY: shards
shards: cairn ## raise the number of the log's shards; SHARDS= DATA=, AWS=1 for the data of run-aws-local
	@exec .build/cairn shards

.PHONY: export
export: cairn ## write what is stored as Parquet, for DuckDB, pandas and others; DIR=folder RAW=keys|full|none FORMAT=csv|ndjson DATA=, AWS=1
	@.build/cairn -export "$(DIR)" export

.PHONY: test
test: parts .build/browser chromium .build/sam .build/query lint template ## everything that must hold: lint, the template, all tests with the race detector, the build for AWS
	go test -race ./...
	go test -run Crash ./internal/export
	@$(MAKE) build
	@echo "make test: passed"

.PHONY: analysts
analysts: ## make infra/analysts.yaml anew, of the tables' columns and the SQL in infra/athena
	go run ./infra/athena

.PHONY: template
template: .build/sam .build/checkov ## check template.yaml and infra/analysts.yaml: sam validate, cfn-lint for each partition, checkov (.checkov.yaml)
	$(SAM) validate --lint --region eu-central-1
	.build/sam/bin/cfn-lint --include-checks I --regions $(REGIONS) --template template.yaml infra/analysts.yaml
	env -u LOG_LEVEL .build/checkov/bin/checkov --config-file .checkov.yaml

.PHONY: bench
bench: cairn parts ## run the benchmarks: of the packages, and of the whole over HTTP on both stores
	go test -run '^$$' -bench . -benchmem ./...
	go run ./infra/local/bench

.PHONY: bench-scale
bench-scale: parts ## what a page of each kind of query costs at 1,000, 100,000 and 1,000,000 statements, on both stores
	go run ./infra/local/scale

.PHONY: bench-reports
bench-reports: cairn parts ## count the reporting tables once more, by brute force, what they cost, and how soon they follow; STATEMENTS=100000 FILE=statements.ndjson.gz READS=1000000
	go run ./infra/local/benchreports $(if $(STATEMENTS),-statements "$(STATEMENTS)") $(if $(FILE),-file "$(FILE)") $(if $(READS),-reads "$(READS)")
	go run ./infra/local/bench -follow -seconds 20

.PHONY: bench-export
bench-export: ## how fast an export is, the memory that it takes, how large its files are, and what questions read of them; STATEMENTS=1000000 DAYS=
	go run ./infra/local/benchexport $(if $(STATEMENTS),-statements "$(STATEMENTS)") $(if $(DAYS),-days "$(DAYS)")

.PHONY: torture
torture: cairn parts ## kill a running Cairn 100 times on each store, and look for what was lost
	go run ./infra/local/torture

.PHONY: lint
lint: ## gofmt, go vet, staticcheck, actionlint
	@unformatted=$$(gofmt -l $$(go list -f '{{.Dir}}' ./...)); [ -z "$$unformatted" ] || { echo "gofmt -w $$unformatted"; exit 1; }
	go vet ./...
	go run $(STATICCHECK) ./...
	go run $(ACTIONLINT) -shellcheck= -pyflakes=

.PHONY: conformance
conformance: cairn parts ## run both batteries of the ADL suite; SUITE=folder of its checkout
	@[ -n "$(SUITE)" ] || { echo "say where the suite is: make conformance SUITE=../lrs-conformance-test-suite"; exit 1; }
	go run ./infra/local/conformance -suite "$(SUITE)"

.PHONY: load
load: ## send the statements of a file to a running Cairn; FILE=statements.jsonl CHECK=1
	@[ -n "$(FILE)" ] || { echo "say what to load: make load FILE=statements.jsonl"; exit 1; }
	go run ./infra/local/load $(if $(CHECK),-check) -file "$(FILE)"

.PHONY: traffic
traffic: ## send made-up traffic to a running Cairn, or write it; STATEMENTS=10000 DAYS=90 SEED= FROM=2026-01-05 OUT=file.ndjson.gz
	go run ./infra/local/load $(if $(CHECK),-check) -traffic -out "$(OUT)"

.PHONY: query
query: .build/query ## ask an exported folder with DuckDB, or list the questions; NAME=drop-off DIR=folder FORMAT=csv|json SET="as_of=2026-03-31 quiet_days=30" INTO=cairn.duckdb
	@.build/query/bin/python -B infra/local/query $(if $(DIR),-dir "$(DIR)") $(if $(FORMAT),-format "$(FORMAT)") $(if $(INTO),-into "$(INTO)") $(foreach s,$(SET),-set "$(s)") $(NAME)

.PHONY: build
build: .build/sam ## build the functions for AWS, into .aws-sam
	@$(SAM) build | sed "/^Commands you can/,$$ d"

# sam local sets no variable that the template does not have, and a deployed function must not have this one.
.PHONY: sam-local
sam-local: build ## the same for `sam local`, whose functions are told where DynamoDB is (infra/README.md)
	@sed -i.bak 's/^        Variables:$$/&\n          AWS_ENDPOINT_URL_DYNAMODB: ""/' .aws-sam/build/template.yaml && rm .aws-sam/build/template.yaml.bak

# What `sam build` calls for each function of template.yaml, with the folder to fill.
.PHONY: build-ApiFunction build-ConsoleFunction build-IndexFunction build-AggregateFunction build-KeysFunction build-UpkeepFunction build-ExportFunction
build-ApiFunction: FUNCTION = api
build-ConsoleFunction: FUNCTION = console
build-IndexFunction: FUNCTION = index
build-AggregateFunction: FUNCTION = aggregate
build-KeysFunction: FUNCTION = keys
build-UpkeepFunction: FUNCTION = upkeep
build-ExportFunction: FUNCTION = export
build-ApiFunction build-ConsoleFunction build-IndexFunction build-AggregateFunction build-KeysFunction build-UpkeepFunction build-ExportFunction:
	CGO_ENABLED=0 GOOS=linux GOARCH=arm64 go build -tags lambda.norpc -trimpath -ldflags="-s -w" \
		-o "$(ARTIFACTS_DIR)/bootstrap" ./functions/$(FUNCTION)

# Programs of Python, each in an environment of its own: the SAM CLI, with cfn-lint and the Lambda Runtime Interface Emulator that it
# carries, checkov, and what make query runs on. An environment gets its mark last, so that an install that broke off is not taken for one; its programs know
# the place they were made for, hence a mark instead of a move.
.build/sam: .build/sam/installed
.build/checkov: .build/checkov/installed
.build/query: .build/query/installed
.build/%/installed: infra/local/%.txt
	@command -v python3 >/dev/null || { echo "python3 is missing: $* needs Python 3.10 or later" >&2; exit 1; }
	@rm -rf .build/$* && mkdir -p .build
	python3 -m venv .build/$*
	.build/$*/bin/pip install --quiet --disable-pip-version-check --no-deps -r $<
	@touch $@

include infra/local/parts.mk
