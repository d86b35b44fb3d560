# `make` shows what there is. Everything prepares itself on first use.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
READY := .venv/.ready
CATALOGUE := resources/locale/zh_CN/LC_MESSAGES/learnsite
PY_DIRS := $(wildcard src tests scripts bench)
DIR ?= demo-out
SCALE ?= small
BENCH ?=
WORKERS ?= 2

PACKAGER := build/packager
RELEASE ?= /tmp/learnsite-release
SUITE ?= bookworm
KEY ?= the key file is not named: KEY=FILE

.PHONY: help setup run test check format lint types imports catalogue tests demo soak bench screenshots locales lock tidy clean
.PHONY: package release sign chroot installer

help: ## show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

setup: $(READY) ## prepare everything: system libraries, virtual environment, program

$(READY): constraints.txt pyproject.toml scripts/setup.sh
	@scripts/setup.sh

$(CATALOGUE).mo: $(CATALOGUE).po resources/locale/zh_CN/qt_overlay.ts | $(READY)
	@$(BIN)/python scripts/locales.py compile

run: $(READY) $(CATALOGUE).mo ## open the window (over DIR=folder)
	$(BIN)/learnsite $(if $(filter command environment,$(origin DIR)),--data "$(DIR)")

test: check tests ## every check and every test

check: format lint types imports catalogue ## format, lint, types, import contracts, translations

format: $(READY) ## is the code formatted? (make tidy formats it)
	$(BIN)/ruff format --check $(PY_DIRS) packaging

lint: $(READY) ## ruff
	$(BIN)/ruff check $(PY_DIRS) packaging

types: $(READY) ## mypy --strict
	$(BIN)/mypy --strict $(PY_DIRS)
	MYPYPATH=packaging $(BIN)/mypy --strict packaging/*.py

imports: $(READY) ## the layers of the program
	$(BIN)/lint-imports --no-cache

catalogue: $(READY) $(CATALOGUE).mo ## is every text translated?
	$(BIN)/python scripts/locales.py check

tests: $(READY) $(CATALOGUE).mo ## the tests alone
	$(BIN)/pytest -n $(WORKERS)

soak: $(READY) $(CATALOGUE).mo ## the long runs
	HYPOTHESIS_PROFILE=soak $(BIN)/pytest -n $(WORKERS) -m soak -o faulthandler_timeout=0

demo: $(READY) $(CATALOGUE).mo ## villages, townships and a county in DIR=demo-out
	@if [ -e "$(DIR)/truth.json" ]; then rm -rf -- "$(DIR)"; fi
	$(BIN)/learnsite demo "$(DIR)" --scale $(SCALE)

bench: $(READY) ## measure against the goals (BENCH="--full --write": long, into docs/benchmarks.md)
	$(BIN)/python -m bench $(BENCH)

screenshots: $(READY) $(CATALOGUE).mo ## a picture of every screen, in build/screenshots
	@QT_QPA_PLATFORM=offscreen $(BIN)/python scripts/screenshots.py
	@QT_QPA_PLATFORM=offscreen $(BIN)/python scripts/screenshots.py --readme

package: $(PACKAGER)/.ready $(CATALOGUE).mo ## build the program and its packages here, into build/package
	QT_QPA_PLATFORM=offscreen $(PACKAGER)/bin/python packaging/build.py

$(PACKAGER)/.ready: packaging/requirements.txt | $(READY)
	$(BIN)/python -m venv $(PACKAGER)
	$(PACKAGER)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
	    -r packaging/requirements.txt
	touch $@

release: $(READY) $(CATALOGUE).mo ## the same on an old Debian of its own, for old systems (root; RELEASE=folder)
	packaging/old_base.sh "$(RELEASE)"

sign: $(READY) ## sign the packages for updates without a network (KEY=the publisher's key file)
	$(BIN)/python packaging/sign_release.py sign "$(KEY)"

chroot: ## work with the packages in fresh Debians (root; RELEASE=folder, SUITE=bookworm)
	packaging/try_in_chroot.sh "$(RELEASE)" "$(SUITE)"

chinese: $(READY) $(CATALOGUE).mo ## type Chinese with real input methods (root installs them; PROGRAM=file)
	packaging/try_chinese_input.sh $(PROGRAM)

installer: $(READY) ## make the Windows installer with NSIS and look what is in it
	packaging/windows/try_installer.sh

locales: $(READY) ## add new texts to the catalogue and compile it
	@$(BIN)/python scripts/locales.py update

tidy: $(READY) ## format the code and mend what ruff can mend
	$(BIN)/ruff check --fix-only --quiet $(PY_DIRS) packaging
	$(BIN)/ruff format $(PY_DIRS) packaging

lock: $(READY) ## renew constraints.txt from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 \
	    --generate-hashes --no-header --no-emit-index-url --no-annotate --quiet -o constraints.txt
	$(BIN)/uv pip compile pyproject.toml packaging/requirements.in -c constraints.txt --universal \
	    --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate --quiet \
	    -o packaging/requirements.txt

clean: ## remove everything that was made here, the environment included
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache demo-out
	find src tests scripts bench -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
	rm -f resources/locale/*/LC_MESSAGES/*.mo resources/locale/*/*.qm
