# Everything a person can do with a checkout. `make` alone lists it.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run window test test-model demo lint format bench docs pictures bundle deb hooks prepare prepare-dev prepare-bench clean

VENV_PYTHON := .venv/bin/python
ARGS ?=

help: ## list all targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: prepare ## set everything up and run the demo: record a real application, replay it, write a report
	@$(VENV_PYTHON) -m ui.demo $(ARGS)

demo: run ## the same as run

window: prepare ## set everything up and open the window (ARGS="--library DIR --room NAME")
	@$(VENV_PYTHON) -m ui.qt.main $(ARGS)

test: prepare-dev ## set everything up and run every check there is
	@packaging/check $(ARGS)

test-model: prepare-dev ## check the recipe of the built-in model, with a training in small of ten minutes
	@$(VENV_PYTHON) -m pip install -q --disable-pip-version-check -c packaging/constraints.txt -e ".[train]"
	@$(VENV_PYTHON) -m pytest -m "training or not training" tests/packaging/model/with_torch $(ARGS)

lint: prepare-dev ## formatting, ruff, mypy and import contracts only
	@packaging/check lint

format: prepare-dev ## mend what ruff can mend
	@$(VENV_PYTHON) -m ruff check --fix . ; $(VENV_PYTHON) -m ruff format .

bench: prepare-bench ## measure against the goals and a baseline (ARGS="library locating" for some of it)
	@.venv/bin/workbench-cli bench $(ARGS)

docs: prepare-dev ## write the parts of the documentation that are generated
	@$(VENV_PYTHON) -m ui.cli.documentation

pictures: prepare-dev ## draw every view of the window, light and dark, at 100 % and 200 %
	@$(VENV_PYTHON) packaging/window_pictures.py $(ARGS)

bundle: ## build a folder that runs without Python: dist/gui-agent-workbench
	@packaging/bundle

deb: ## the same as a package for Debian and its relatives
	@packaging/bundle && packaging/deb

hooks: prepare-dev ## run the linters before every commit
	@.venv/bin/pre-commit install

prepare: ## only set up: .venv, pinned packages, system packages
	@packaging/prepare run

prepare-dev: ## the same with what the checks need
	@packaging/prepare test

prepare-bench: ## the same with the baselines that are measured against
	@packaging/prepare bench

clean: ## remove everything that was made here, .venv included
	@rm -rf .venv build dist reports *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
