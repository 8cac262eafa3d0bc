# The two that matter: `make run` starts the playground, `make test` runs every test. Each sets up what it needs.

.DEFAULT_GOAL := help
.PHONY: help run test check bench shots types words lock browser clean
SHELL := /bin/bash

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq

export HOST ?= 127.0.0.1
export PORT ?= 5000

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## */  make \1\t/' | expand -t 18

run: $(VENV)/.run ## set everything up and start the playground at http://127.0.0.1:5000 (HOST, PORT)
	@exec $(BIN)/playground

test: check browser ## set everything up and run all tests, a real browser's included
	$(BIN)/python -m pytest

check: $(VENV)/.dev node_modules/.installed ## formatting, types, import directions, the page's own checks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	npm run --silent check

bench: $(VENV)/.dev browser ## measure everything that is claimed and write bench/RESULTS.md
	$(BIN)/python -m bench

shots: $(VENV)/.dev browser ## take the screenshots of docs/images
	$(BIN)/python -m tools.shots

types: $(VENV)/.run ## write the browser's types from playground/protocol.py
	$(BIN)/python -m playground.protocol > static/js/protocol.d.ts

words: $(VENV)/.run ## write what there is to translate into playground/languages
	$(BIN)/python -m tools.words

lock: $(VENV)/.dev ## write requirements/*.txt anew from pyproject.toml
	$(BIN)/python tools/lock.py

clean: ## remove what was set up
	rm -rf $(VENV) node_modules build dist *.egg-info

# --- setting up -------------------------------------------------------------------------------------------------

$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "The playground needs Python 3.11 or newer; name one with 'make PYTHON=python3.12 …'."; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || tools/need "Python's venv module" python3-venv
	@echo "Setting up $(VENV) with what the playground needs; this is done once …"
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(VENV)/.run: $(VENV)/.created pyproject.toml requirements/run.txt
	@$(PIP) install -r requirements/run.txt
	@$(PIP) install --no-deps -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	@echo "Installing what the tests need …"
	@$(PIP) install -r requirements/dev.txt
	@touch $@

node_modules/.installed: package.json package-lock.json
	@command -v npm >/dev/null || tools/need "Node.js (to check the page's types)" nodejs npm
	@npm ci --silent --no-audit --no-fund
	@touch $@

browser:
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || tools/need "Chromium (for the browser tests)" chromium
