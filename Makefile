# The commands of the course. Everything happens in .venv, which `make` creates here
# with the first Python 3.11-3.13 that it finds (or PYTHON=...). No target and no command
# holds an absolute path, so the checkout may be moved, and may have a space in its name.

PY := .venv/bin/python
PYTEST := $(PY) -m pytest
# Three processes for the two cores of a small machine: many tests wait, for a browser, a
# kernel, a time limit. A file each at a time, the long ones first (tests/conftest.py):
# sorted by their number of tests, the files with few but slow ones would come last, and
# the others would wait for one process.
SHARED := -n 3 --dist loadfile --no-loadscope-reorder
ARGS ?=
LESSONS ?=

# A hundred processes import the package: each would compile all of it again where the
# environment (of many containers, say) forbids to keep what was compiled.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help lab test check lint types all unit lessons-test lessons benchmark results clean \
	environment environment-dev

help:
	@echo 'make lab        set up, then open JupyterLab at lesson 00'
	@echo '                make lab ARGS="03 --no-browser --port 8899" passes its words on'
	@echo 'make check      the fast part of the tests: lint, types, unit tests, changed lessons'
	@echo 'make test       every test; every lesson executed and compared'
	@echo 'make lessons    execute the lessons and save them (LESSONS="lessons/03_..." for some)'
	@echo 'make benchmark  the reference against TensorFlow, side by side'
	@echo 'make results    train every recipe over its seeds and write RESULTS.md;'
	@echo '                make results NAME=gru_fsdd measures one, the other rows stay'
	@echo 'make clean      remove .venv and what tests and builds left behind'

lab: environment
	@$(PY) -m mmlearn.cli lab $(ARGS)

test: environment-dev lint
	@$(MAKE) --no-print-directory -j 2 types all
	@echo 'make test: all is well.'

check: environment-dev lint types
	@echo '--- unit tests, without the slow ones'
	$(PYTEST) -q $(SHARED) -m 'not slow and not browser' --ignore tests/lessons
	@echo '--- changed lessons'
	@base="$$(git merge-base HEAD '@{upstream}' 2>/dev/null || echo HEAD)"; \
	changed="$$({ git diff --name-only "$$base" -- lessons; \
		git ls-files --others --exclude-standard -- lessons; } \
		| sed -n 's|.*/\([0-9][0-9]_[^/"]*\)\.ipynb"\{0,1\}$$|\1|p' \
		| sort -u | paste -s -d , - | sed 's/,/ or /g')"; \
	if [ -z "$$changed" ]; then echo 'none'; else \
		set -x; $(PYTEST) -q tests/lessons -k "$$changed"; fi

lint: environment-dev
	@echo '--- lint: code and notebooks'
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

types: environment-dev
	@echo '--- types'
	$(PY) -m mypy

# Together, so that no process waits while the other finishes the last lesson.
all: environment-dev
	@echo '--- unit tests, doctests and lessons, executed and compared'
	$(PYTEST) -q $(SHARED)

unit: environment-dev
	@echo '--- unit tests and doctests'
	$(PYTEST) -q $(SHARED) --ignore tests/lessons

lessons-test: environment-dev
	@echo '--- lessons: executed and compared'
	$(PYTEST) -q -n 3 --dist load tests/lessons

lessons: environment-dev
	$(PY) tests/lessons/execute.py $(LESSONS)

benchmark: environment-dev
	@set -e; for one in tests/benchmarks/bench_*.py; do \
		echo "$(PY) $$one"; $(PY) "$$one" $(ARGS); done

results: environment
	$(PY) -m mmlearn.cli train $(or $(NAME),--all) --profile full --table RESULTS.md $(ARGS)

clean:
	rm -rf .venv build dist .pytest_cache .ruff_cache .mypy_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find . -name .ipynb_checkpoints -type d -prune -exec rm -rf {} +

environment:
	@sh scripts/environment.sh

environment-dev:
	@sh scripts/environment.sh dev
