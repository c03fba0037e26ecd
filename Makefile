# `make` shows a board, `make test` runs every check; from the second time on both work offline.
#   QUIET=1                   a tool speaks only when it fails
#   GATE=0                    the branch coverage asked of the stem, of lint/ and of reading/ (100)
#   PYTHON=python3.12         the Python that .venv is made from
#   EMULATION_REQUIRE_ALL=1   a test that is left out is a failure

PYTHON   ?= python3
GATE     ?= 100
CAMPAIGN ?= campaigns/thai-nguyen-2025

bin   := .venv/bin
pip   := $(bin)/python -m pip --quiet --disable-pip-version-check install --constraint constraints.txt
# Rooms outside the gate: what shows, what starts and what is optional. A new room is inside.
loose := */__init__.py,*/__main__.py,*/cli.py,*/commands/*,*/testing/*,*/report/*,*/ledger/*,*/columnar/*,*/scenarios/*

run    = $(if $(QUIET),@said=$$($(1) 2>&1) || { status=$$?; printf '%s\n' "$$said"; exit $$status; },$(1))

.DEFAULT_GOAL := board
.PHONY: board test check bench clean help

board: .venv/installed  ## score the sample campaign and show its board
	@$(bin)/emulation score $(CAMPAIGN)

test: .venv/testable  ## lint, format, types, tests, coverage: all that a change must pass
	$(call run,$(bin)/ruff check .)
	$(call run,$(bin)/ruff format --check .)
	$(call run,$(bin)/mypy)
	$(call run,$(bin)/pytest -q -n 2 --cov --cov-report=)
	$(call run,$(bin)/coverage report --omit='$(loose)' --fail-under=$(GATE))

check: .venv/installed  ## check every campaign: problems, lint, worked examples
	@$(bin)/emulation check campaigns/*

bench: .venv/testable  ## measure how long each campaign takes to score
	@$(bin)/python benchmarks/run.py

clean:  ## remove all that make made
	rm -rf .venv .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist site

help:  ## say what each target does
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10
	@sed -n 's/^#   //p' $(MAKEFILE_LIST)

.venv/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(pip) --editable .
	@touch $@

.venv/testable: .venv/installed
	$(pip) --editable '.[test]'
	@touch $@
