# No Drake in the House. `make help` lists what can be done.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CLIENT := clients/typescript
WEB := clients/web
NODE_IS_NEW := const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)
HAS_NODE := { command -v npm && node -e '$(NODE_IS_NEW)'; } >/dev/null || \
	{ echo "make: Node 20.19 or later and npm are needed for the clients; on Debian 13: apt-get install nodejs npm" >&2; exit 1; }

.PHONY: help setup client web web-packages chromium run test test-fast check lint types arch gen \
        drift compat tools deploy-check audit image image-push sbom image-sign image-verify deploy up down reset-db schema pictures migrate bench bench-search bench-catalog faults clean

help: ## list what can be done
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | \
		awk -F':.*## ' '{printf "  %-14s %s\n", $$1, $$2}'

setup: $(VENV)/.ready ## install the Python packages (from requirements.lock, hashes checked)

$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "make: Python 3.11 or later is needed; name one with PYTHON=…" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ echo "make: no virtual environment could be made; on Debian: apt-get install python3-venv" >&2; exit 1; }
	@echo "installing Python packages (about a minute the first time)"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

client: $(CLIENT)/node_modules/.ready ## install the Node packages of the TypeScript client

$(CLIENT)/node_modules/.ready: $(CLIENT)/package-lock.json
	@$(HAS_NODE)
	@echo "installing Node packages"
	@cd $(CLIENT) && npm ci --silent --no-audit --no-fund
	@touch $@

web: setup $(WEB)/node_modules/.ready ## the web app with hot reload on port 5173, beside a running `make run`
	@cd $(WEB) && npm run --silent dev

web-packages: $(WEB)/node_modules/.ready ## install the Node packages of the web app

chromium: ## the browser that the web app is tested in, by apt-get where it is missing
	@command -v chromium >/dev/null || test -n "$${NODRAKE_CHROMIUM:-}" || { \
		echo "installing Chromium"; \
		{ apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium; } >/dev/null; } || \
		{ echo "make: the web app is tested in Chromium, which could not be installed: as root, apt-get install chromium;" \
			"or name one with NODRAKE_CHROMIUM=/path/to/chrome" >&2; exit 1; }

$(WEB)/node_modules/.ready: $(WEB)/package-lock.json $(CLIENT)/node_modules/.ready
	@echo "installing Node packages of the web app"
	@cd $(WEB) && npm ci --silent --no-audit --no-fund
	@touch $@

$(WEB)/dist/index.html: $(WEB)/node_modules/.ready $(shell find $(WEB)/src $(WEB)/public $(CLIENT)/src -type f 2>/dev/null) $(WEB)/index.html $(WEB)/vite.config.ts $(WEB)/service-worker.js $(wildcard $(WEB)/*.mjs)
	@echo "building the web app"
	@cd $(WEB) && npm run --silent build

run: setup ## start everything on port 3000: PostgreSQL, Redis, API, worker, web app
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory --silent $(WEB)/dist/index.html; else \
		echo "make: without Node 20.19 or later there is no web app, only the API; on Debian: apt-get install nodejs npm"; fi
	@exec $(BIN)/nodrake up

# Which lines are not covered: .venv/bin/coverage report; here what failed is not to be drowned.
test: setup client web-packages chromium ## run every test
	$(BIN)/python -m pytest --cov --cov-report= --cov-fail-under=85
	@$(BIN)/coverage report --include='domain/*,application/*' --fail-under=95 >/dev/null || \
		{ echo "make: domain and application are covered below 95 %" >&2; exit 1; }

test-fast: setup client ## run the tests that take seconds
	$(BIN)/python -m pytest -m 'not slow'

check: lint types arch drift compat test ## all that needs no other tools; CI adds deploy-check and audit

lint: setup ## style and common mistakes
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .

types: setup ## mypy --strict
	$(BIN)/mypy

arch: setup ## who may import whom
	$(BIN)/lint-imports --no-cache

gen: setup client ## write spec/openapi.json and the TypeScript client
	$(BIN)/python -m spec.contract gen

drift: setup client ## refuse a document or client that does not follow the routes
	$(BIN)/python -m spec.contract drift

compat: setup ## refuse a change that would break clients of the released API
	$(BIN)/python -m spec.contract compat

tools: setup ## install the validators of deploy/ into .tools/, each in one version
	@$(BIN)/python -m deploy.tools

deploy-check: tools ## check deploy/, migrations and pipeline with the tools that they are for
	@echo "validators:"
	@$(BIN)/python -m deploy.tools versions
	PATH="$(CURDIR)/.tools/bin:$(CURDIR)/.tools/venv/bin:$$PATH" $(BIN)/python -m pytest tests/deploy

migrate: setup ## bring the schema of DATABASE_URL up to date
	$(BIN)/nodrake migrate

pictures: setup web-packages chromium ## write the README's pictures of the app, from the app
	$(BIN)/python -m tests.web.write_pictures

ROUNDS ?= 20
ROWS ?=

faults: setup ## kill, freeze and cut everything ROUNDS=20 times under load; ROWS=F-7,F-9 for some
	@echo "about half an hour; needs two quiet cores and, for F-14 and F-15, root on Linux with loop devices and mkfs.ext4"
	@$(BIN)/python -m deploy.tools servers
	ROUNDS=$(ROUNDS) ROWS=$(ROWS) $(BIN)/python -m pytest tests/faults/rounds

schema: setup ## write migrations/schema.sql, from a database that is made for it
	$(BIN)/python -m tests.write_schema

audit: tools ## hold every lock file against the known vulnerabilities
	@$(HAS_NODE)
	@.tools/venv/bin/check-jsonschema --schemafile deploy/security/audit-exceptions.schema.json \
		deploy/security/audit-exceptions.json
	@$(BIN)/python -m deploy.security

IMAGE ?= nodrake
SOURCE ?=
REVISION = $(shell git rev-parse HEAD)
COMMITTED = $(shell git log -1 --format=%ct)
# The same commit gives the same image: times are the commit's.
BUILD = docker buildx build --file deploy/docker/Dockerfile --tag $(IMAGE):$(REVISION) \
	--build-arg VERSION=$$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml) \
	--build-arg REVISION=$(REVISION) --build-arg SOURCE=$(SOURCE) \
	--build-arg CREATED=$$(date -u -d @$(COMMITTED) +%Y-%m-%dT%H:%M:%SZ) \
	--build-arg SOURCE_DATE_EPOCH=$(COMMITTED)
# What was pushed, as the registry names it; where this is another machine, it is asked.
DIGEST = $(shell docker buildx imagetools inspect $(IMAGE):$(REVISION) --format '{{.Manifest.Digest}}')
SIGNED_BY = --certificate-oidc-issuer=https://token.actions.githubusercontent.com \
	--certificate-identity=$(SOURCE)/.github/workflows/release.yaml@refs/heads/main \
	--certificate-github-workflow-sha=$(REVISION)

.PHONY: buildx image image-push sbom image-sign image-verify
buildx:
	@docker buildx version >/dev/null 2>&1 || \
		{ echo "make: Docker with its buildx plugin is needed for images; without it there is: make run" >&2; exit 1; }

image: buildx ## build the image, tagged with the commit
	$(BUILD) --load .

image-push: buildx ## build it for the registry: IMAGE=ghcr.io/…, with where it came from
	$(BUILD) --provenance=mode=max --output type=image,push=true,rewrite-timestamp=true .

sbom: buildx ## write what the image is made of to build/sbom
	$(BUILD) --target sbom --output type=local,dest=build/sbom .

image-sign: buildx ## sign what was pushed, and what it is made of, as the workflow that runs this
	DIGEST=$(DIGEST); cosign sign --yes "$(IMAGE)@$${DIGEST:?is not known: is it pushed?}"; \
	for part in service web; do \
		cosign attest --yes --type cyclonedx --predicate build/sbom/$$part.cdx.json "$(IMAGE)@$$DIGEST"; done

image-verify: buildx ## refuse an image that the release workflow has not signed
	DIGEST=$(DIGEST); cosign verify $(SIGNED_BY) "$(IMAGE)@$${DIGEST:?is not known: is it pushed?}" >/dev/null

NAMESPACE ?= nodrake
deploy: tools ## bring the signed image of this commit to the cluster of KUBE_CONFIG, with the chart and VALUES
	@config=$$(umask 077; mktemp) && values=$$(umask 077; mktemp) && trap 'rm -f "$$config" "$$values"' EXIT && \
	printf '%s' "$${KUBE_CONFIG:?is not set: the kubeconfig of the cluster, as text}" > "$$config" && \
	printf '%s' "$${VALUES:?is not set: the values of the chart, as YAML}" > "$$values" && \
	DIGEST=$(DIGEST) && cosign verify $(SIGNED_BY) "$(IMAGE)@$${DIGEST:?is not known: is it pushed?}" >/dev/null && \
	.tools/bin/helm upgrade --install nodrake deploy/chart --kubeconfig "$$config" \
		--namespace $(NAMESPACE) --create-namespace --values "$$values" \
		--set image.repository=$(IMAGE) --set image.digest="$${DIGEST:?is not known: is it pushed?}" \
		--atomic --timeout 15m

COMPOSE = docker compose --file deploy/compose.yaml

.PHONY: compose up down reset-db
compose: # before anything is written for it
	@docker compose version >/dev/null 2>&1 || \
		{ echo "make: Docker with its compose plugin is needed for this; without it there is: make run" >&2; exit 1; }

RANDOM_TEXT := od -An -N32 -tx1 /dev/urandom | tr -d ' \n'

deploy/.env: # secrets of this machine's containers: written once, readable by nobody else
	@umask 077 && for name in NODRAKE_SECRET POSTGRES_PASSWORD APP_PASSWORD GRAFANA_PASSWORD; do \
		echo "$$name=$$($(RANDOM_TEXT))"; done > $@.part && mv $@.part $@
	@echo "wrote $@ with new secrets"

up: compose deploy/.env ## start everything in containers: PostgreSQL, Redis, API, worker, Prometheus, Grafana, Mailpit
	$(COMPOSE) up --detach --build
	@$(COMPOSE) ps

down: compose deploy/.env ## stop the containers; their data stays
	$(COMPOSE) down

reset-db: compose deploy/.env ## throw away the containers' database, after asking, and make a new one
	@read -r -p "This deletes every account and list in the containers' database. Type reset to go on: " ANSWER; \
		[ "$$ANSWER" = reset ] || { echo "make: nothing was deleted" >&2; exit 1; }
	$(COMPOSE) rm --stop --force api worker mailpit migrate postgres
	docker volume rm --force nodrake_postgres
	@$(MAKE) --no-print-directory up

bench: setup web-packages chromium ## measure, and compare with others in the same run
	$(BIN)/python -m benchmarks

SIZE ?= 2500000

bench-search: setup ## measure searching SIZE=2500000 generated artists, beside tantivy
	$(BIN)/python -m benchmarks.search --size $(SIZE)

bench-catalog: setup ## measure importing a dump of SIZE=2500000 generated artists
	$(BIN)/python -m benchmarks.measure_catalog_import --size $(SIZE)

clean: ## remove everything that was installed or built, and the data of `make run`
	rm -rf $(VENV) .nodrake .tools build *.egg-info $(CLIENT)/node_modules $(CLIENT)/dist $(WEB)/node_modules $(WEB)/dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
