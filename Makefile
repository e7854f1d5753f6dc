# 'make' lists the targets. Everything is installed into .venv; nothing else on the machine changes.

.DEFAULT_GOAL := help
SHELL := /bin/sh

# Variables on the command line are data. Make would expand a $ in a value, and run a $(shell ...) in
# it, when it exports it to a recipe's environment; here values stay literal. Recipes read them from
# that environment alone ("$$NAME"): no value becomes part of a command, nor is one passed on to the
# make that 'sam build' runs.
MAKEOVERRIDES :=
override GIVEN := $(foreach name,$(.VARIABLES),$(if $(findstring command,$(origin $(name))),$(name)))
$(foreach name,$(GIVEN),$(eval override $(name) := $$(value $(name)))$(eval export $(name)))
export GIVEN
export GOALS := $(MAKECMDGOALS)

# Like pip, uv trusts the certificate authorities of this machine: behind a proxy that inspects traffic
# its own would not suffice.
export UV_SYSTEM_CERTS ?= 1

# Ours; the command line cannot change them.
override VENV := .venv
override BIN := $(VENV)/bin
override UV := $(BIN)/uv
override READY := $(VENV)/ready
override LOCKS := $(addprefix requirements/,uv.txt dev.txt sam.txt ministack.txt) layers/dependencies/requirements.txt
override CODE := functions layers local ops openapi project tests bench
override PYTHONPATH := layers:.
export PYTHONPATH

# A misspelled variable is an error: each target accepts those that its recipe reads
# (ops/make_variables.py), and these, which programs read from their environment.
override FROM_ENVIRONMENT := SHELL PYTHON CI CHROMIUM PROVE JMPY_* AWS_* UV_* PIP_* PYTHON* *_PROXY *_proxy SSL_CERT_* REQUESTS_CA_BUNDLE SAM_CLI_* DOCKER_HOST TMPDIR TERM COLUMNS NO_COLOR V
ifneq ($(strip $(GIVEN)),)
.PHONY: variables
variables:
	@$(SOME_PYTHON)
	@"$${PYTHON:-python3}" -S ops/make_variables.py
help browser doctor $(READY): | variables
endif

.PHONY: help
help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' Makefile

# ---------------------------------------------------------------- the local stack

.PHONY: start
start: $(READY) ## Start Jmpy on this machine, or update it: [PORT=8080] [ALLOWED_ORIGINS=http://localhost:5173] [OWN_DOMAINS=go.example.com]
	@$(BIN)/python -c '' 2>/dev/null || { $(DOCTOR) --brief; exit 1; }
	@$(BIN)/python -m local start $${PORT:+--port="$$PORT"} $${ALLOWED_ORIGINS:+--allowed-origins="$$ALLOWED_ORIGINS"} $${OWN_DOMAINS:+--own-domains="$$OWN_DOMAINS"}

# With the Python of this machine: it has to run when nothing else does.
override DOCTOR = "$${PYTHON:-python3}" -S -m local.doctor
override SOME_PYTHON = "$${PYTHON:-python3}" -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>/dev/null || { \
	  echo "Jmpy needs Python 3.11 or newer, and $${PYTHON:-python3} is none; install one (on Debian: apt install python3 python3-venv), or name it: make $$GOALS PYTHON=python3.13" >&2; exit 1; }

.PHONY: doctor
doctor: ## Check this machine, when something does not work: [PORT=8080]
	@$(SOME_PYTHON)
	@$(DOCTOR) $${PORT:+--port="$$PORT"}

.PHONY: stop
stop: $(READY) ## Stop it; keys and links are retained
	@$(BIN)/python -m local stop

.PHONY: reset
reset: $(READY) ## Stop it and delete its keys and links
	@$(BIN)/python -m local reset

.PHONY: logs
logs: $(READY) ## Follow the logs of the functions and the access log
	@$(BIN)/python -m local logs

.PHONY: mail
mail: $(READY) ## Show the emails that it sent: none leaves this machine
	@$(BIN)/python -m local mail

.PHONY: dns
dns: $(READY) ## List the DNS records of branded domains on this machine, add one: NAME=_jmpy.go.acme.test TYPE=TXT VALUE=..., or remove those of NAME and TYPE
	@$(BIN)/python -m local dns --name="$$NAME" --type="$$TYPE" --value="$$VALUE"

.PHONY: invoke
invoke: $(READY) ## Run one function of it on a sample event: F=authorizer E=bearer
	@test -n "$$F" || { echo "name the function and the event: make invoke F=authorizer E=bearer runs events/authorizer-bearer.json" >&2; exit 2; }
	@$(BIN)/python -m local invoke -- "$$F" "$$E"

.PHONY: sam-local
sam-local: $(READY) ## Serve the API in containers too, by sam local start-api: [SAM_PORT=3000] [SKIP_PULL=1] (docs/local.md)
	@$(BIN)/python -m local sam-local $${SAM_PORT:+--port="$$SAM_PORT"} $${SKIP_PULL:+--skip-pull-image}

# ---------------------------------------------------------------- keys, here or on AWS

# STACK is a stack on AWS, by default the local one; ACCOUNT is an id, or its owner's email address.
# JSON=1 prints for programs: one JSON value to standard output, all text to standard error.
override KEY = $(BIN)/python -m ops.key
override AT = $${STACK:+--stack="$$STACK"}
override ON = $(AT) $${ACCOUNT:+--account="$$ACCOUNT"}
override AS = $${JSON:+--json}

.PHONY: key
key: $(READY) ## Create an API key: NAME=... PERMISSIONS=read,write [ENVIRONMENT=...] [DAYS=...] [ALLOWED_IPS=...] [LIMITS=url_creation=100,...] [DESCRIPTION=...] [LABELS=...] [ACCOUNT=...] [STACK=...] [JSON=1]
	@test -n "$$NAME" || { echo "name the key: make key NAME=\"My script\" PERMISSIONS=read" >&2; exit 2; }
	@$(KEY) create --name="$$NAME" $${PERMISSIONS:+--permissions="$$PERMISSIONS"} $${ENVIRONMENT:+--environment="$$ENVIRONMENT"} $${DAYS:+--expires-days="$$DAYS"} $${ALLOWED_IPS:+--allowed-ips="$$ALLOWED_IPS"} $${LIMITS:+--limits="$$LIMITS"} $${DESCRIPTION:+--description="$$DESCRIPTION"} $${LABELS:+--labels="$$LABELS"} $(ON) $(AS)

.PHONY: keys
keys: $(READY) ## List an account's keys: [ACCOUNT=...] [STACK=...] [JSON=1]
	@$(KEY) list $(ON) $(AS)

.PHONY: revoke
revoke: $(READY) ## Revoke a key: ID=... [ACCOUNT=...] [STACK=...] [JSON=1]
	@test -n "$$ID" || { echo "name the key: make revoke ID=... ('make keys' shows the ids)" >&2; exit 2; }
	@$(KEY) revoke $(ON) $(AS) -- "$$ID"

.PHONY: rotate
rotate: $(READY) ## Replace a key; the old one works for another day, or GRACE=0 to 7: ID=... [GRACE=1] [ACCOUNT=...] [STACK=...] [JSON=1]
	@test -n "$$ID" || { echo "name the key: make rotate ID=... ('make keys' shows the ids)" >&2; exit 2; }
	@$(KEY) rotate $${GRACE:+--grace-days="$$GRACE"} $(ON) $(AS) -- "$$ID"

# ---------------------------------------------------------------- accounts, here or on AWS

override NEEDS_ACCOUNT = test -n "$$ACCOUNT" || { echo "name the account: ACCOUNT=<id, or the owner's email address>; 'make accounts' lists them" >&2; exit 2; }

.PHONY: accounts
accounts: $(READY) ## List the accounts of a stack: [STACK=...] [JSON=1]
	@$(BIN)/python -m ops.account list $(AT) $(AS)

.PHONY: account
account: $(READY) ## Create an account without a sign-in: ACCOUNT=id [STACK=...] [JSON=1]
	@test -n "$$ACCOUNT" || { echo "name its id: make account ACCOUNT=acme" >&2; exit 2; }
	@$(BIN)/python -m ops.account create $(ON) $(AS)

.PHONY: suspend
suspend: $(READY) ## Suspend an account, at once: ACCOUNT=... [REASON=...] [KEEP_LINKS=1] [STACK=...] [JSON=1]
	@$(NEEDS_ACCOUNT)
	@$(BIN)/python -m ops.account suspend $${REASON:+--reason="$$REASON"} $${KEEP_LINKS:+--keep-links} $(ON) $(AS)

.PHONY: unsuspend
unsuspend: $(READY) ## Lift the suspension: ACCOUNT=... [STACK=...] [JSON=1]
	@$(NEEDS_ACCOUNT)
	@$(BIN)/python -m ops.account unsuspend $(ON) $(AS)

# ---------------------------------------------------------------- plans, here or on AWS

.PHONY: plan
plan: $(READY) ## Show an account's plan, or set it: [PLAN=pro] [LIMITS=url_creation=5000,...] [ACCOUNT=...] [STACK=...] [JSON=1]
	@if test -n "$$PLAN"; then $(BIN)/python -m ops.plan set $${LIMITS:+--limits="$$LIMITS"} $(ON) $(AS) -- "$$PLAN"; \
	elif test -n "$$LIMITS"; then echo "name the plan as well: make plan PLAN=... LIMITS=..." >&2; exit 2; \
	else $(BIN)/python -m ops.plan show $(ON) $(AS); fi

.PHONY: plans
plans: $(READY) ## Renew the plan of every account (docs/limits.md): [STACK=...] [JSON=1]
	@$(BIN)/python -m ops.plan renew $(AT) $(AS)

# ---------------------------------------------------------------- links, here or on AWS

.PHONY: import
import: $(READY) ## Import links from another service, or links and QR codes from Jmpy: FILE=... [DRY_RUN=1] [NEW_CODES=1] [RANDOM_CODES=1] [SHORT_CODES=1] [REPORT=...] [ACCOUNT=...] [STACK=...] [JSON=1]
	@test -n "$$FILE" || { echo "name the file: make import FILE=links.csv DRY_RUN=1 (docs/migration.md)" >&2; exit 2; }
	@$(BIN)/python -m ops.link import $${DRY_RUN:+--dry-run} $${NEW_CODES:+--new-codes} $${RANDOM_CODES:+--random-codes} $${SHORT_CODES:+--short-codes} $${REPORT:+--report="$$REPORT"} $(ON) $(AS) -- "$$FILE"

.PHONY: export
export: $(READY) ## Write an account's links or QR codes as CSV: [QR_CODES=1] [FILE=...] [ACCOUNT=...] [STACK=...]
	@$(BIN)/python -m ops.link export $${QR_CODES:+--qr-codes} $${FILE:+--file="$$FILE"} $(ON)

.PHONY: recount
recount: $(READY) ## Recount the bot clicks of each link (docs/clicks.md): [STACK=...] [JSON=1]
	@$(BIN)/python -m ops.recount bots $(AT) $(AS)

.PHONY: recount-campaigns
recount-campaigns: $(READY) ## Recount the links of each campaign (docs/operations.md, "Recovery"): [STACK=...] [JSON=1]
	@$(BIN)/python -m ops.recount campaigns $(AT) $(AS)

# ---------------------------------------------------------------- abuse, here or on AWS (docs/operations.md)

override THEM = $${LINK:+--link="$$LINK"} $${DOMAIN:+--domain="$$DOMAIN"} $${ACCOUNT:+--of-account="$$ACCOUNT"} $(AT) $(AS)
override NO_LINKS = { echo "name the links: LINK=<short code>, DOMAIN=<host they lead to> or ACCOUNT=<id, or the owner's email address>" >&2; exit 2; }
override NO_REASON = { echo "give a reason, which the owner sees: REASON=\"phishing: reported by ...\"" >&2; exit 2; }

override NO_DOMAIN = { echo "name the domain that the short URLs are on: DOMAIN=go.acme.com ('make domains' lists them)" >&2; exit 2; }

.PHONY: disable
disable: $(READY) ## Take links down: LINK=code | DOMAIN=host | ACCOUNT=...; REASON="phishing: ..." [STACK=...] [JSON=1]
	@test -n "$$LINK$$DOMAIN$$ACCOUNT" || $(NO_LINKS)
	@test -n "$$REASON" || $(NO_REASON)
	@$(BIN)/python -m ops.takedown disable --reason="$$REASON" $(THEM)

.PHONY: enable
enable: $(READY) ## Restore links that were taken down: LINK=code | DOMAIN=host | ACCOUNT=... [STACK=...] [JSON=1]
	@test -n "$$LINK$$DOMAIN$$ACCOUNT" || $(NO_LINKS)
	@$(BIN)/python -m ops.takedown enable $(THEM)

.PHONY: block
block: $(READY) ## Block links to a host and all hosts within it: HOST=evil.example REASON=... [STACK=...] [JSON=1]
	@test -n "$$HOST" || { echo "name the host: make block HOST=evil.example REASON=..." >&2; exit 2; }
	@test -n "$$REASON" || $(NO_REASON)
	@$(BIN)/python -m ops.blocklist block --reason="$$REASON" $(AT) $(AS) -- "$$HOST"

.PHONY: unblock
unblock: $(READY) ## Remove a host from the blocklist: HOST=... [STACK=...] [JSON=1]
	@test -n "$$HOST" || { echo "name the host: make unblock HOST=... ('make blocklist' lists them)" >&2; exit 2; }
	@$(BIN)/python -m ops.blocklist unblock $(AT) $(AS) -- "$$HOST"

.PHONY: blocklist
blocklist: $(READY) ## List the blocked hosts: [STACK=...] [JSON=1]
	@$(BIN)/python -m ops.blocklist list $(AT) $(AS)

.PHONY: domains
domains: $(READY) ## List the domains of all accounts, with their states: [STACK=...] [JSON=1]
	@$(BIN)/python -m ops.domain list $(AT) $(AS)

.PHONY: suspend-domain
suspend-domain: $(READY) ## Suspend a domain and all short URLs on it: DOMAIN=go.acme.com REASON=... [YES=1] [STACK=...] [JSON=1]
	@test -n "$$DOMAIN" || $(NO_DOMAIN)
	@test -n "$$REASON" || $(NO_REASON)
	@$(BIN)/python -m ops.domain suspend --reason="$$REASON" $${YES:+--yes} $(AT) $(AS) -- "$$DOMAIN"

.PHONY: restore-domain
restore-domain: $(READY) ## Restore a domain that was suspended: DOMAIN=go.acme.com [STACK=...] [JSON=1]
	@test -n "$$DOMAIN" || $(NO_DOMAIN)
	@$(BIN)/python -m ops.domain restore $(AT) $(AS) -- "$$DOMAIN"

.PHONY: aliases
aliases: $(READY) ## List the aliases held for an account after their links were deleted or changed: [ACCOUNT=...] [STACK=...] [JSON=1]
	@$(BIN)/python -m ops.link held $(ON) $(AS)

.PHONY: release
release: $(READY) ## Release one of them: ALIAS=... [ACCOUNT=...] [STACK=...] [JSON=1]
	@test -n "$$ALIAS" || { echo "name the alias: make release ALIAS=... ('make aliases' lists them)" >&2; exit 2; }
	@$(BIN)/python -m ops.link release $(ON) $(AS) -- "$$ALIAS"

# ---------------------------------------------------------------- after a deployment

.PHONY: smoke
smoke: $(READY) ## Check a running stack over its public address: [STACK=...] [URL=...] [ONLY="credentials link"] [NO_QUERY_KEY=1] [DOMAIN=promo.go.example.com]
	@$(BIN)/python -m ops.smoke $${STACK:+--stack="$$STACK"} $${URL:+--base-url="$$URL"} $${ONLY:+--only $$ONLY} $${NO_QUERY_KEY:+--no-query-key} $${DOMAIN:+--domain="$$DOMAIN"}

.PHONY: conformance
conformance: $(READY) ## Compare the emulator, or a stack of ops/conformance on AWS, with what AWS was recorded to do: [STACK=...] [ONLY="path dynamodb"] [JSON=1]
	@if test -n "$$STACK"; then $(BIN)/python -m ops.conformance --stack="$$STACK" $${ONLY:+--only $$ONLY} $(AS); \
	else $(BIN)/python -m local.conformance $${ONLY:+--only $$ONLY} $(AS); fi

.PHONY: edge-secret
edge-secret: $(READY) ## Generate the secret by which a CDN identifies itself (docs/deploy.md)
	@$(BIN)/python -m ops.edge_secret

# ---------------------------------------------------------------- backups, here or on AWS

override BACKUP = "$${FILE:-jmpy-backup.jsonl}"
.PHONY: backup
backup: $(READY) ## Write a stack's data into a file: [FILE=jmpy-backup.jsonl] [KEY_FILE=jmpy-backup.key] [FORCE=1] [STACK=...]
	@$(BIN)/python -m ops.backup create $${FORCE:+--force} $${KEY_FILE:+--key-file="$$KEY_FILE"} $(AT) -- $(BACKUP)

.PHONY: restore
restore: $(READY) ## Write a file's data into an empty stack, or with FORCE=1 over one: [FILE=...] [KEY_FILE=...] [UNVERIFIED=1] [FORCE=1] [YES=1] [REPORT=keys.csv] [STACK=...]
	@$(BIN)/python -m ops.backup restore $${FORCE:+--force} $${KEY_FILE:+--key-file="$$KEY_FILE"} $${UNVERIFIED:+--unverified} $${YES:+--yes} $${REPORT:+--report="$$REPORT"} $(AT) -- $(BACKUP)

# ---------------------------------------------------------------- audit log, here or on AWS

.PHONY: audit
audit: $(READY) ## Show changes to links, keys, plan and alert settings: [ID=a key's] [LINK=a link's id or code] [BY=a key's] [ACTION=api_key.revoked] [SINCE=...] [UNTIL=...] [LIMIT=50] [ACCOUNT=...] [STACK=...] [JSON=1]
	@$(BIN)/python -m ops.audit list $${ID:+--key="$$ID"} $${LINK:+--link="$$LINK"} $${BY:+--by="$$BY"} $${ACTION:+--action="$$ACTION"} $${SINCE:+--since="$$SINCE"} $${UNTIL:+--until="$$UNTIL"} $${LIMIT:+--limit="$$LIMIT"} $(ON) $(AS)

# ---------------------------------------------------------------- work on the code

# With bytecode, also where the environment forbids it: the tests start hundreds of interpreters.
.PHONY: test
test: check browser zbar ## Check and test everything, on a stack of its own
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --numprocesses auto --maxprocesses 4

# What tests use that is not on Python's package index.
.PHONY: browser
browser:
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || test -n "$$CHROMIUM" || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "- Installing Chromium for the tests in a browser ..."; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium >/dev/null; \
	else \
	  echo "!! No Chromium on this machine: the tests in a browser are skipped (on Debian: apt install chromium)" >&2; \
	fi

.PHONY: zbar
zbar: $(READY)
	@$(BIN)/python -c 'import pyzbar.wrapper' 2>/dev/null || { \
	  test "$$(id -u)" = 0 && command -v apt-get >/dev/null && \
	  echo "- Installing zbar, which reads QR codes in tests ..." && \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends libzbar0 >/dev/null; } || \
	  echo "!! No zbar on this machine: QR codes are read by one decoder, not two (on Debian: apt install libzbar0)" >&2

.PHONY: check
check: $(READY) ## Check without running: format, lint, types, templates, workflows
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	SAM_CLI_TELEMETRY=0 $(VENV)/opt/sam/bin/sam validate --lint --region us-east-1
	$(VENV)/opt/sam/bin/cfn-lint --region us-east-1 -- deploy/*.yaml
	$(BIN)/zizmor --offline --quiet --min-severity medium .github/workflows

# Its tools are installed on first use: they are larger than all the others together.
override AUDITED := $(VENV)/audited
.PHONY: scan
scan: $(AUDITED) ## Scan the template for misconfigurations, dependencies for known vulnerabilities
	@$(VENV)/opt/checkov/bin/checkov --config-file .checkov.yaml
	@for snapstart in "" --snapstart; do \
	  $(BIN)/python -m ops.canary Canary10Percent5Minutes $$snapstart && \
	  SAM_CLI_TELEMETRY=0 $(VENV)/opt/sam/bin/sam validate --lint --region us-east-1 --template canary.template.yaml || exit 1; \
	done
	@$(BIN)/python -m ops.vulnerabilities

.PHONY: sbom
sbom: $(AUDITED) ## List what runs in Lambda, as CycloneDX: sbom.json
	@$(VENV)/opt/audit/bin/cyclonedx-py requirements --output-reproducible --output-file sbom.json layers/dependencies/requirements.txt
	@echo "- Wrote sbom.json"

.PHONY: licences
licences: $(READY) ## Write docs/licences.md
	@$(BIN)/python -m ops.licences

$(AUDITED): $(READY) requirements/checkov.txt requirements/audit.txt
	@echo "- Installing the tools of the scan into .venv ..."
	@for tool in checkov audit; do \
	  $(UV) venv --quiet --allow-existing --python $(BIN)/python $(VENV)/opt/$$tool && \
	  $(UV) pip sync --quiet --require-hashes --python $(VENV)/opt/$$tool/bin/python requirements/$$tool.txt || exit 1; \
	done
	@touch $@

.PHONY: mutate-policies
mutate-policies: $(READY) ## Remove each permission and expect its function to fail, on the stack of make start: [FUNCTIONS="LinksFunction ..."]
	@$(BIN)/python -m bench.policies -- $$FUNCTIONS

.PHONY: fuzz
fuzz: $(READY) ## Try a hundred thousand hostile inputs: [PARTS="parsers requests operations mutations"] [CASES=...]
	@$(BIN)/python -m bench.fuzz $${CASES:+--cases="$$CASES"} -- $$PARTS

.PHONY: bench
bench: $(READY) ## Measure, some ten minutes: prints tables, writes bench/results/*.json
	@failed=0; for part in growth click_writes access_log_writes alerts speed; do \
	  echo "- bench.$$part"; $(BIN)/python -m bench.$$part || failed=1; \
	done; exit $$failed

.PHONY: openapi
openapi: $(READY) ## Generate the OpenAPI document from the code
	@$(BIN)/python -m openapi

.PHONY: behaviours
behaviours: $(READY) ## Write what docs say about the facts of ops/conformance and the adapters of the emulator
	@$(BIN)/python -m project.aws_behaviours

.PHONY: cost
cost: $(READY) ## Write docs/cost.md from the measurements and bench/prices.json
	@$(BIN)/python -m bench.cost

.PHONY: prove
prove: $(READY) ## Search for faults and races longer than the tests do; writes bench/results/reliability
	PROVE=yes $(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 \
	  tests/integration/test_faults.py tests/integration/test_races.py \
	  tests/integration/test_double_submit.py tests/integration/test_key_models.py \
	  tests/integration/test_link_models.py tests/integration/test_alerts.py \
	  tests/integration/test_alert_settings.py tests/integration/test_analytics_c*.py \
	  tests/integration/test_api_keys.py tests/integration/test_attempts.py \
	  tests/integration/test_click_sending.py tests/integration/test_key_usage.py \
	  tests/integration/test_notices.py tests/integration/test_short_urls.py \
	  tests/integration/test_contract.py

.PHONY: load
load: start ## Send 20,000 mixed requests to the local stack, and check each response (REQUESTS=...)
	@$(BIN)/python -m bench.load $${REQUESTS:+--requests="$$REQUESTS"}
	@$(BIN)/python -m bench.revocation

.PHONY: reliability
reliability: $(READY) ## Write docs/reliability.md from the results of 'make prove' and 'make load'
	@$(BIN)/python -m bench.reliability

.PHONY: format
format: $(READY) ## Format the code and apply automatic fixes
	$(BIN)/ruff check --fix $(CODE)
	$(BIN)/ruff format $(CODE)

# Lambda's own Python writes the bytecode that its functions start from (layers/Makefile).
override LAMBDA_PYTHON = $(shell sed -n 's/^LAMBDA_PYTHON := //p' layers/Makefile)
.PHONY: build
build: export UV_PYTHON_INSTALL_DIR := $(CURDIR)/$(VENV)/opt/python
build: export UV_HTTP_RETRIES := 0
build: $(READY) ## Build for Lambda (sam build); then: make deploy. [CANARY=Canary10Percent5Minutes [SNAPSTART=1]]
	@test -z "$$CANARY" || $(BIN)/python -m ops.canary $${SNAPSTART:+--snapstart} -- "$$CANARY"
	@UV_PYTHON_DOWNLOADS=never $(UV) python find --no-project $(LAMBDA_PYTHON) >/dev/null 2>&1 || { \
	  echo "- Installing Python $(LAMBDA_PYTHON) into .venv ..."; \
	  why=$$($(UV) python install --no-progress --no-bin $(LAMBDA_PYTHON) 2>&1) || \
	  printf '!! Python $(LAMBDA_PYTHON) cannot be installed:\n%s\n' "$$why" >&2; }
	PATH="$$PWD/$(BIN):$$PWD/$(VENV)/opt/sam/bin:$$PATH" SAM_CLI_TELEMETRY=0 sam build $${CANARY:+--template canary.template.yaml}

.PHONY: deploy
deploy: $(READY) ## Deploy what 'make build' built to AWS, or say why it cannot be (sam deploy): [STACK=...] [GUIDED=1]
	@PATH="$$PWD/$(VENV)/opt/sam/bin:$$PATH" SAM_CLI_TELEMETRY=0 $(BIN)/python -m ops.deploy $(AT) $${GUIDED:+--guided}

.PHONY: lock
lock: $(READY) ## Renew the lock files from the .in files beside them
	@root="$$PWD"; for file in layers/dependencies/requirements requirements/uv requirements/dev \
	  requirements/sam requirements/ministack requirements/checkov requirements/audit \
	  requirements/bench; do \
	  echo "- $$file.txt"; \
	  (cd $$(dirname $$file) && "$$root/$(UV)" pip compile --quiet --upgrade --universal \
	    --python-version 3.11 --generate-hashes --custom-compile-command "make lock" \
	    $$(basename $$file).in --output-file $$(basename $$file).txt) || exit 1; \
	done

.PHONY: setup
setup: $(READY) ## Install everything into .venv (the other targets do it when needed)

# Three environments, because the SAM CLI and the emulator pin versions that conflict with the code's.
$(READY): $(LOCKS)
	@$(SOME_PYTHON)
	@"$${PYTHON:-python3}" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { $(DOCTOR) --brief; exit 1; }
	@echo "- Installing dependencies into .venv ..."
	@"$${PYTHON:-python3}" -m venv $(VENV) || { rm -rf $(VENV); $(DOCTOR) --brief; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt && \
	$(UV) pip sync --quiet --require-hashes --python $(BIN)/python requirements/dev.txt || { $(DOCTOR) --brief; exit 1; }
	@for tool in sam ministack; do \
	  $(UV) venv --quiet --allow-existing --python $(BIN)/python $(VENV)/opt/$$tool && \
	  $(UV) pip sync --quiet --require-hashes --python $(VENV)/opt/$$tool/bin/python requirements/$$tool.txt || { $(DOCTOR) --brief; exit 1; }; \
	done
	@touch $@
