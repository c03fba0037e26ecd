# `make` shows a board, `make test` runs every check; from the second time on both work offline.
#   QUIET=1                   a tool speaks only when it fails
#   GATE=0                    the branch coverage asked of the stem, of ledger/, lint/ and reading/ (100)
#   PYTHON=python3.12         the Python that .venv is made from
#   EMULATION_REQUIRE_ALL=1   a test that is left out is a failure

PYTHON   ?= python3
GATE     ?= 100
CAMPAIGN ?= campaigns/thai-nguyen-2025

bin   := .venv/bin
pip   := $(bin)/python -m pip --quiet --disable-pip-version-check install --constraint constraints.txt
# Rooms outside the gate: what shows, what starts and what is optional. A new room is inside.
loose := */__init__.py,*/__main__.py,*/cli.py,*/commands/*,*/testing/*,*/report/*,*/columnar/*

run    = $(if $(QUIET),@said=$$($(1) 2>&1) || { status=$$?; printf '%s\n' "$$said"; exit $$status; },$(1))

.DEFAULT_GOAL := board
.PHONY: board test release-checks check bench clean help server

board: .venv/installed  ## score the sample campaign and show its board
	@$(bin)/emulation score $(CAMPAIGN)

test: .venv/testable server  ## lint, format, types, tests, coverage: all that a change must pass
	$(call run,$(bin)/ruff check .)
	$(call run,$(bin)/ruff format --check .)
	$(call run,$(bin)/mypy)
	$(call run,$(bin)/pytest -q -n 2 --cov --cov-report=)
	$(call run,$(bin)/coverage report --omit='$(loose)' --fail-under=$(GATE))

release-checks: .venv/testable server  ## the long runs: 6,000 power cuts, 200 kills, every failing write, a longer machine
	$(call run,EMULATION_RELEASE_CHECKS=1 $(bin)/pytest -q -n 2 tests/ledger/test_faults.py tests/ledger/test_machine.py)

check: .venv/installed  ## check every campaign: problems, lint, worked examples
	@$(bin)/emulation check campaigns/*

bench: .venv/testable  ## measure how long each campaign takes to score
	@$(bin)/python benchmarks/run.py
	@$(bin)/python benchmarks/ledger.py

clean:  ## remove all that make made
	rm -rf .venv .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist site

help:  ## say what each target does
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16
	@sed -n 's/^#   //p' $(MAKEFILE_LIST)

.venv/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(pip) --editable .
	@touch $@

.venv/testable: .venv/installed
	$(pip) --editable '.[test]'
	@touch $@

# What the tests use that pip does not bring: each package of the system's with a file or program that shows it is there.
# A PostgreSQL that is installed for them is not started; they start one of their own.
parts := postgresql=/usr/lib/postgresql/*/bin/initdb default-jre-headless=/usr/bin/java chromium=/usr/bin/chromium \
	poppler-utils=/usr/bin/pdftotext libreoffice-calc-nogui=/usr/bin/soffice

server:
	@lacking=; for part in $(parts); do ls $${part#*=} > /dev/null 2>&1 || lacking="$$lacking $${part%%=*}"; done; \
	test -z "$$lacking" || ! command -v apt-get > /dev/null || test $$(id -u) -ne 0 || { \
		mkdir -p /etc/postgresql-common && \
		echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf && \
		apt-get -qq update > /dev/null && \
		DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install $$lacking > /dev/null 2>&1 || \
		echo "not installed:$$lacking; the tests that need them are left out"; }
