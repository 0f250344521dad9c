# Everything is done in .venv; a stamp there says what was installed, so a second run starts at once.
PYTHON ?= python3
SANDBOX ?=
WORKERS ?= 2
# The slow tests wait for processes and clocks more than they compute.
WAITERS ?= 4

# What is compiled is kept, whatever the environment says: every worker and every command that tests start would compile anew.
export PYTHONDONTWRITEBYTECODE =

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check --quiet --constraint constraints.txt
# Debian splits ensurepip off into python3-venv; the machine's own pip can stand in for it.
WITHOUT_ENSUREPIP = { $(PYTHON) -m venv --clear --without-pip $(VENV) && $(PYTHON) -m pip --python $(BIN)/python install --quiet pip; }
# Stores wait for the disk at each write; in memory, where there is room for it, the tests do not wait for each other's.
MEMORY := $(shell [ -w /dev/shm ] && df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 && $$4 > 2000000 { print "/dev/shm" }')
PYTEST := $(if $(MEMORY),TMPDIR=$(MEMORY) )$(BIN)/python -m pytest --dist worksteal
# Coverage is measured on these: counting lines doubles the time of a test, and the slow ones would add none.
QUICK := "not slow and not browser"
# Where the others are: each worker reads the files it is given, and most have none.
OTHERS := $(shell grep -rlE 'mark\.(slow|browser)' tests --include='*.py' | sed 's|/conftest\.py$$||')
RUN_READY := $(VENV)/ready-to-run
DEV_READY := $(VENV)/ready-to-test

.DEFAULT_GOAL := help
.PHONY: help run test quick lint check corpus learn bench clean

help:  ## What can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## */make \1\t/'

run: $(RUN_READY)  ## Set up, then the sandbox on http://127.0.0.1:8765 (SANDBOX="--port 9000" passes options on)
	@$(BIN)/filingdesk sandbox $(SANDBOX)

test: lint  ## Set up, then ruff, import-linter, mypy --strict, all tests and coverage
	$(PYTEST) -n $(WORKERS) -m $(QUICK) --cov --cov-report=term:skip-covered
	$(PYTEST) -n $(WAITERS) -m "slow or browser" $(OTHERS)

quick: $(DEV_READY)  ## The tests while editing: without the slow ones and the browser
	$(PYTEST) -n $(WORKERS) -m $(QUICK)

lint: $(DEV_READY)  ## ruff, import-linter and mypy --strict
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy

check: $(RUN_READY)  ## Read all rulesets, lists, messages and settings strictly
	$(BIN)/filingdesk check

corpus: $(RUN_READY)  ## Score the reader against the labelled questions
	$(BIN)/python tests/corpus/score.py

learn: $(RUN_READY)  ## Teach the reader's weights and nets anew from the labelled questions (needs scikit-learn and jax, which this installs)
	$(PIP) --editable '.[learn]'
	$(BIN)/python tests/corpus/learn.py
	$(BIN)/python tests/corpus/nets.py

bench: $(RUN_READY)  ## Measure decisions per second, question to stored answer, the store, and a year of reminders
	$(BIN)/python benchmarks/deciding.py
	$(BIN)/python benchmarks/answering.py
	$(BIN)/python benchmarks/store.py
	$(BIN)/python benchmarks/judging.py
	$(BIN)/python benchmarks/reminders.py

clean:  ## Remove .venv, caches and build results; data in .filingdesk stays
	rm -rf $(VENV) build dist htmlcov .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find bot handlers tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is %s; name another: make PYTHON=python3.12 ..." % sys.version.split()[0])'
	$(PYTHON) -m venv $(VENV) || $(WITHOUT_ENSUREPIP)

$(RUN_READY): pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) --editable .
	@touch $@

$(DEV_READY): pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) --editable '.[dev]'
	@touch $(RUN_READY) $@
