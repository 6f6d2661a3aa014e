# The developer's interface: `make run`, `make test`, `make build`; `make help` lists all.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help lock
help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(INSTALLED): requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=python3.13 ...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.txt
	@touch $@

lock: $(INSTALLED) ## write the lock files anew from pyproject.toml
	$(BIN)/uv pip compile --group pyproject.toml:runtime --python-version 3.13 --generate-hashes --no-emit-index-url --no-annotate -q -o layers/common/requirements.txt
	$(BIN)/uv pip compile --group pyproject.toml:dev -c layers/common/requirements.txt --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate -q -o requirements-dev.txt
