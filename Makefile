# Everything runs in .venv, which holds wheels only. PYTHON chooses the interpreter that makes it.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin

# The web platform tests: a folder with wpt.tar.xz (or WPT, an unpacked tree), and the program that drives them. DIRS names folders of the table.
SUITES     ?= ../shared/suites
WPT_RUNNER ?= ../shared/tools/wpt_runner.py
WPT        ?=
DIRS       ?=
export SUITES WPT_RUNNER WPT

.PHONY: setup demo test lint bench clean wpt wpt-update wpt-slice

setup: $(VENV)/.ready

$(VENV)/.ready: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --prefer-binary --editable '.[dev]'
	touch $@

demo: setup
	$(BIN)/python -m sanderling.testing.demo

test: setup
	$(BIN)/python -m pytest

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.weblint

wpt: setup
	$(BIN)/python -m tests.wpt $(DIRS)

wpt-update: setup
	$(BIN)/python -m tests.wpt --update $(DIRS)

wpt-slice: setup
	$(BIN)/python -m tests.wpt --slice

bench: setup
	$(BIN)/python -m bench

clean:
	rm -rf $(VENV)
