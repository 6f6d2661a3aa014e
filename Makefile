# The developer's interface; `make help` lists it.
# Values reach commands in their environment and as they were typed: make would expand a $ in them, and a shell would run
# what a recipe holds of them. So recipes say "$$NAME", never $(NAME), and no other make gets them.
$(foreach name,$(.VARIABLES),$(if $(filter command,$(origin $(name))),$(eval override export $(name) := $$(value $(name)))))
MAKEOVERRIDES :=

export PYTHON ?= python3
export STAGE ?= default
export BIN := .venv/bin
INSTALLED := .venv/.installed
export PYTHONPATH := layers/common:.
export SAM_CLI_TELEMETRY := 0

# With LOCAL=1 a command works on the running local stack instead of AWS.
export AWS_PORT ?= 3200
export SIMULATOR_PORT ?= 3100
ON_LOCAL_AWS := $(if $(value LOCAL),HMS_API_URL="http://127.0.0.1:$$SIMULATOR_PORT/v2" AWS_ENDPOINT_URL="http://127.0.0.1:$$AWS_PORT" AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1)
# A command at a stage finds its credentials where that keeps them; with LOCAL=1, where the local stack does.
AT_STAGE := prefix=$$("$$BIN"/python -m tools.samconfig ParameterPrefix $(if $(value LOCAL),,-- "$$STAGE")) && HMS_PARAMETER_PREFIX="$$prefix" $(ON_LOCAL_AWS)

.DEFAULT_GOAL := help
.PHONY: help run simulator token credentials key replay drift events test storm e2e openapi bench lint types audit build artifacts invoke deploy smoke \
	costs reference lock

help: ## list the commands
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(INSTALLED) ## the API, AWS and 100ms on this machine, until Ctrl-C (PORT, AWS_PORT, SIMULATOR_PORT move the ports; PARAMETERS="Validation=reject ..." sets template parameters)
	@exec "$$BIN"/python -m local

simulator: $(INSTALLED) ## 100ms alone on this machine, until Ctrl-C (SIMULATOR_PORT moves the port)
	@exec "$$BIN"/python -m simulator

token: $(INSTALLED) ## print a management token, of the local stack's key pair or of HMS_ACCESS_KEY and HMS_SECRET
	@"$$BIN"/python -m local.token

credentials: $(INSTALLED) ## put the app's key pair into SSM: ACCESS_KEY=... SECRET=... (asked for if not given; WEBHOOK_SECRET=... STAGE=... LOCAL=1)
	@$(AT_STAGE) "$$BIN"/python -m tools.credentials

key: $(INSTALLED) ## make a client key: NAME=... SCOPES=... (ROLES=... ROOMS=... STAGE=...; LOCAL=1: in the local stack)
	@$(AT_STAGE) "$$BIN"/python -m tools.keys create $${NAME:+--name="$$NAME"} $${SCOPES:+--scopes="$$SCOPES"} --roles="$$ROLES" --rooms="$$ROOMS"

replay: $(INSTALLED) ## ask 100ms to send webhooks again that an outage lost: FROM=... TO=... (STAGE=...; LOCAL=1: the local stack)
	@$(AT_STAGE) "$$BIN"/python -m tools.replay $${FROM:+--from="$$FROM"} $${TO:+--to="$$TO"}

drift: $(INSTALLED) ## compare archived webhooks with the documentation of 100ms: FROM=... TO=... (STAGE=...; LOCAL=1: the local stack)
	@$(AT_STAGE) "$$BIN"/python -m tools.contract_drift $(if $(value LOCAL),,--stage="$$STAGE") $${FROM:+--from="$$FROM"} $${TO:+--to="$$TO"}

events: $(INSTALLED) ## follow the event bus of the local stack, until Ctrl-C
	@exec "$$BIN"/python -m local.events

test: lint types ## lint, types and all tests that need no Docker
	@"$$BIN"/pytest --numprocesses "$$("$$BIN"/python -c 'import os; print(min(4, os.cpu_count() + 1))')" --dist loadfile

storm: $(INSTALLED) ## the tests that load, break and fuzz the service for minutes
	@"$$BIN"/pytest -m storm --numprocesses 2 --dist loadfile

e2e: $(INSTALLED) ## every sample event in Lambda's own image, the pages in a browser, and clients in other languages
	@"$$BIN"/pytest tests/e2e --ignore tests/e2e/sam_local --numprocesses 2 --dist loadfile
	@tools/with-lambda-image "$$BIN"/pytest tests/e2e/sam_local

openapi: $(INSTALLED) ## write docs/openapi.json anew (BREAKING=1: also where callers will have to change)
	@"$$BIN"/python -m tools.openapi $${BREAKING:+--breaking}

bench: $(INSTALLED) ## measure cold starts, requests and memory beside others, into benchmarks/results.md
	@tools/with-lambda-image "$$BIN"/python -m benchmarks

lint: $(INSTALLED)
	@"$$BIN"/ruff check
	@"$$BIN"/ruff format --check
	@"$$BIN"/lint-imports --no-logo --no-cache --config pyproject.toml
	@"$$BIN"/cfn-lint template.yaml monitoring.yaml
	@awk 'END { if (NR >= 1000) { print FILENAME ": " NR " lines, 1,000 or more"; exit 1 } }' template.yaml

types: $(INSTALLED)
	@"$$BIN"/mypy

audit: $(INSTALLED) ## look for known vulnerabilities, and check the template against security rules
	@tools/audit

build: $(INSTALLED) ## build the functions and the layer for AWS into .aws-sam/build (STAGE=dev or prod)
	@tools/build "$$("$$BIN"/python -m tools.samconfig Architecture -- "$$STAGE")" .aws-sam/build
	@"$$BIN"/python -m tools.config_digest -- "$$STAGE" .aws-sam/build/template.yaml

artifacts: $(INSTALLED) ## build for both architectures, and check what is in the builds
	@"$$BIN"/pytest tests/artifacts

invoke: $(INSTALLED) ## one function alone, in Docker: FUNCTION=RoomsFunction EVENT=events/rooms/list_rooms.json
	@tools/invoke "$$FUNCTION" "$$EVENT"

deploy: build ## deploy to AWS with the settings of samconfig.toml (STAGE=dev or prod)
	@"$$BIN"/sam deploy --config-env "$$STAGE"

smoke: $(INSTALLED) ## make read-only calls against a deployment and compare the answers with the documentation: API=https://... (STAGE=...; LOCAL=1: a local stack's; signs in with HMS_ACCESS_KEY and HMS_SECRET where they are set)
	@$(AT_STAGE) "$$BIN"/python -m tools.smoke -- "$$API"

reference: $(INSTALLED) ## write the tables of docs/configuration.md anew
	@"$$BIN"/python -m tools.config_docs

costs: $(INSTALLED) ## compute anew what the stack costs, for docs/operations.md
	@"$$BIN"/python -m tools.costs docs/operations.md

lock: $(INSTALLED) ## write the lock files anew from pyproject.toml
	"$$BIN"/uv pip compile --group pyproject.toml:runtime --python-version 3.13 --generate-hashes --no-emit-index-url --no-annotate -q -o layers/common/requirements.txt
	"$$BIN"/uv pip compile --group pyproject.toml:oidc --python-version 3.13 --generate-hashes --no-emit-index-url --no-annotate -q -o functions/oidc_tokens/requirements.txt
	"$$BIN"/uv pip compile --group pyproject.toml:dev -c layers/common/requirements.txt -c functions/oidc_tokens/requirements.txt --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate -q -o requirements-dev.txt

$(INSTALLED): requirements-dev.txt
	@"$$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=python3.13 ...")'
	@echo "Installing the development tools into .venv, once ..." >&2
	@test -x "$$BIN"/python || "$$PYTHON" -m venv .venv
	@"$$BIN"/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.txt
	@touch $@
