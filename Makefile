# Commands for developers. `make help` lists them.
# Variables of the command line are exported unexpanded, and not passed on to other makes. Recipes use "$$NAME", never
# $(NAME), because make would expand a $ in the value, and a shell would run commands in it.
$(foreach name,$(.VARIABLES),$(if $(filter command,$(origin $(name))),$(eval override export $(name) := $$(value $(name)))))
MAKEOVERRIDES :=

export PYTHON ?= python3
export STAGE ?= default
export BIN := .venv/bin
INSTALLED := .venv/.installed
export PYTHONPATH := layers/common:.
export SAM_CLI_TELEMETRY := 0

# With LOCAL=1, a command uses the running local stack instead of AWS.
export AWS_PORT ?= 3200
export SIMULATOR_PORT ?= 3100
ON_LOCAL_AWS := $(if $(value LOCAL),HMS_API_URL="http://127.0.0.1:$$SIMULATOR_PORT/v2" AWS_ENDPOINT_URL="http://127.0.0.1:$$AWS_PORT" AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_REGION="$${AWS_REGION:-$${AWS_DEFAULT_REGION:-us-east-1}}")
# Sets the parameter prefix of the stage, or of the local stack with LOCAL=1.
AT_STAGE := prefix=$$("$$BIN"/python -m tools.samconfig ParameterPrefix $(if $(value LOCAL),,-- "$$STAGE")) && HMS_PARAMETER_PREFIX="$$prefix" $(ON_LOCAL_AWS)
KEYS := "$$BIN"/python -m tools.keys $(if $(value LOCAL),,--stage="$$STAGE")

.DEFAULT_GOAL := help
.PHONY: help run simulator token credentials key keys revoke rotate replay drift events test unit storm drill fidelity \
	mutants e2e openapi bench burst lint types format audit build artifacts invoke check-account deploy smoke scale reference lock

help: ## list the commands
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(INSTALLED) ## run the API with simulators of AWS and 100ms, until Ctrl-C (ports: PORT, AWS_PORT, SIMULATOR_PORT; template parameters: PARAMETERS="Validation=reject ...")
	@exec "$$BIN"/python -m local

simulator: $(INSTALLED) ## run the simulator of 100ms alone, until Ctrl-C (port: SIMULATOR_PORT)
	@exec "$$BIN"/python -m simulator

token: $(INSTALLED) ## print a management token for the local stack, or for HMS_ACCESS_KEY and HMS_SECRET
	@"$$BIN"/python -m local.token

credentials: $(INSTALLED) ## store the app's key pair in SSM: ACCESS_KEY=... SECRET=... (prompts for missing values; WEBHOOK_SECRET=... STAGE=... LOCAL=1)
	@$(AT_STAGE) "$$BIN"/python -m tools.credentials

key: $(INSTALLED) ## create a client key: NAME=... SCOPES=... (ROLES=... ROOMS=... DAYS=365 STAGE=...; LOCAL=1: in the local stack)
	@$(AT_STAGE) $(KEYS) create $${NAME:+--name="$$NAME"} $${SCOPES:+--scopes="$$SCOPES"} --roles="$$ROLES" --rooms="$$ROOMS" $${DAYS:+--days="$$DAYS"}

keys: $(INSTALLED) ## list the client keys without their secrets (STAGE=...; LOCAL=1; AUDIT=1 DAYS=30: list keys in the logs that are not registered)
	@$(AT_STAGE) $(KEYS) $(if $(value AUDIT),audit --days="$${DAYS:-30}",list)

revoke: $(INSTALLED) ## revoke a client key within a minute: KEY=id, name or access key, or KEY='*' (STAGE=...; LOCAL=1)
	@$(AT_STAGE) $(KEYS) revoke -- "$$KEY"

rotate: $(INSTALLED) ## replace the master of the client keys: STEP=start, then STEP=finish; after a leak STEP=now (STAGE=...; LOCAL=1)
	@$(AT_STAGE) $(KEYS) rotate -- "$$STEP"

replay: $(INSTALLED) ## ask 100ms to resend webhooks that were lost in an outage: FROM=... TO=... (STAGE=...; LOCAL=1: local stack)
	@$(AT_STAGE) "$$BIN"/python -m tools.replay $${FROM:+--from="$$FROM"} $${TO:+--to="$$TO"}

drift: $(INSTALLED) ## compare archived webhooks with the documentation of 100ms: FROM=... TO=... (STAGE=...; LOCAL=1: local stack)
	@$(AT_STAGE) "$$BIN"/python -m tools.contract_drift $(if $(value LOCAL),,--stage="$$STAGE") $${FROM:+--from="$$FROM"} $${TO:+--to="$$TO"}

events: $(INSTALLED) ## print events on the bus of the local stack, until Ctrl-C
	@exec "$$BIN"/python -m local.events

test: lint types ## run the linters, the type checks and all tests that do not need Docker, and print line coverage
	@"$$BIN"/pytest -p tests.support.line_coverage --numprocesses "$$("$$BIN"/python -c 'import os; print(min(4, os.cpu_count() + 1))')" --dist loadfile --no-loadscope-reorder

unit: $(INSTALLED) ## run the unit tests (less than half a minute)
	@"$$BIN"/pytest tests/unit

storm: $(INSTALLED) ## run the load, fault and fuzz tests (several minutes)
	@"$$BIN"/pytest -m storm --numprocesses 2 --dist loadfile

fidelity: $(INSTALLED) ## compare the simulator with all documented samples, and count the differences by severity
	@"$$BIN"/python -m tests.contract.fidelity

drill: $(INSTALLED) ## make the failures of the runbook happen locally, and print log lines, metrics and alarms
	@"$$BIN"/pytest -rP --no-header tests/integration/test_drill.py

mutants: $(INSTALLED) ## change the layer in many places, and print the changes that no test detects (PACKAGE=hms, MODULE=hms/tokens.py COUNT=160)
	@"$$BIN"/python -m tools.mutants $${COUNT:+--count="$$COUNT"} -- $${PACKAGE:-} $${MODULE:-}

e2e: $(INSTALLED) ## run every sample event in the Lambda image, and test the pages in a browser and clients in other languages
	@"$$BIN"/pytest tests/e2e --ignore tests/e2e/sam_local --numprocesses 2 --dist loadfile
	@tools/with-lambda-image "$$BIN"/pytest tests/e2e/sam_local

openapi: $(INSTALLED) ## regenerate docs/openapi.json (BREAKING=1: allow changes that break callers)
	@"$$BIN"/python -m tools.openapi $${BREAKING:+--breaking}

bench: $(INSTALLED) ## benchmark cold starts, requests and memory against other frameworks, into benchmarks/results.md
	@tools/with-lambda-image "$$BIN"/python -m benchmarks

burst: $(INSTALLED) ## simulate cold containers that start together and read SSM, and check the goals (a minute; CHARGE_REFUSED=1: refused calls use up SSM's quota)
	@"$$BIN"/python -m benchmarks.burst $${CHARGE_REFUSED:+--charge-refused}

lint: $(INSTALLED) ## check style, formatting, imports between packages and the templates
	@"$$BIN"/ruff check
	@"$$BIN"/ruff format --check
	@"$$BIN"/lint-imports --no-logo --no-cache --config pyproject.toml
	@"$$BIN"/cfn-lint template.yaml monitoring.yaml domain.yaml
	@awk 'END { if (NR >= 1000) { print FILENAME ": " NR " lines, 1,000 or more"; exit 1 } }' template.yaml
	@"$$BIN"/python -m tools.prose_check

types: $(INSTALLED) ## check types with mypy --strict
	@"$$BIN"/mypy

format: $(INSTALLED) ## format the code, and fix what ruff can fix
	@"$$BIN"/ruff check --fix
	@"$$BIN"/ruff format

audit: $(INSTALLED) ## scan for known vulnerabilities, and check the template against security rules
	@tools/audit

build: $(INSTALLED) ## build the functions and the layer for AWS into .aws-sam/build (STAGE=dev or prod)
	@tools/build "$$("$$BIN"/python -m tools.samconfig Architecture -- "$$STAGE")" .aws-sam/build
	@"$$BIN"/python -m tools.config_digest -- "$$STAGE" .aws-sam/build/template.yaml

artifacts: $(INSTALLED) ## build for both architectures and check the builds
	@"$$BIN"/pytest tests/artifacts

invoke: $(INSTALLED) ## run one function in Docker: FUNCTION=RoomsFunction EVENT=events/rooms/list_rooms.json
	@tools/invoke "$$FUNCTION" "$$EVENT"

check-account: $(INSTALLED) ## check the limits of the AWS account and the stage's SSM parameters, with read-only calls (STAGE=dev or prod)
	@"$$BIN"/python -m tools.check_account -- "$$STAGE"

deploy: check-account build ## deploy to AWS with the settings in samconfig.toml (STAGE=dev or prod; CONFIRM=no: without a prompt)
	@region=$$("$$BIN"/python -m tools.aws) && "$$BIN"/sam deploy --config-env "$$STAGE" --region "$$region" $(if $(filter no,$(value CONFIRM)),--no-confirm-changeset)

smoke: $(INSTALLED) ## test a deployment with read-only calls, and compare the responses with the documentation: API=https://... (STAGE=...; LOCAL=1: local stack; uses HMS_ACCESS_KEY and HMS_SECRET if set; QUESTIONS=1: also ask how AWS behaves)
	@$(AT_STAGE) "$$BIN"/python -m tools.smoke $(if $(value LOCAL),,--stage="$$STAGE") $${QUESTIONS:+--questions} -- "$$API"

reference: $(INSTALLED) ## regenerate the tables of docs/configuration.md, and docs/deployer-policy.json
	@"$$BIN"/python -m tools.config_docs
	@"$$BIN"/python -m tools.deployer_policy

scale: $(INSTALLED) ## recompute the costs in docs/operations.md and the tables of docs/scale.md
	@"$$BIN"/python -m tools.scale

lock: $(INSTALLED) ## regenerate the lock files from pyproject.toml
	"$$BIN"/uv pip compile --group pyproject.toml:runtime --python-version 3.13 --generate-hashes --no-emit-index-url --no-annotate -q -o layers/common/requirements.txt
	"$$BIN"/uv pip compile --group pyproject.toml:oidc --python-version 3.13 --generate-hashes --no-emit-index-url --no-annotate -q -o functions/oidc_tokens/requirements.txt
	"$$BIN"/uv pip compile --group pyproject.toml:dev -c layers/common/requirements.txt -c functions/oidc_tokens/requirements.txt --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate -q -o requirements-dev.txt

$(INSTALLED): requirements-dev.txt
	@"$$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is required: make PYTHON=python3.13 ...")'
	@echo "Installing the development tools into .venv (first run only) ..." >&2
	@test -x "$$BIN"/python || "$$PYTHON" -m venv .venv
	@"$$BIN"/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.txt
	@touch $@
