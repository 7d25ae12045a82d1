# Needs make and Python 3.11 or newer; every target does its own set-up in .venv.
# Another Python: make test PYTHON=python3.13

PYTHON ?= python3
JOBS ?= 2
ARGS ?=
UV_VERSION := 0.13.9

VENV := .venv
BIN := $(VENV)/bin
LOCK := requirements/ci.lock
READY := $(VENV)/.ready

# No target here may reach a real account or depend on one: nothing of the caller's AWS set-up is passed on.
unexport $(filter AWS_% AUDITOR_% BOTO_%,$(.VARIABLES))
export AWS_CONFIG_FILE := /dev/null
export AWS_SHARED_CREDENTIALS_FILE := /dev/null
export AWS_EC2_METADATA_DISABLED := true

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test lint docs bench benchlive benchreport plans screenshots lock clean

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' Makefile | while IFS='	' read -r name text; do printf '  make %-12s %s\n' "$$name" "$$text"; done

demo: $(READY) ## Scan a simulated ML platform and write its report; no AWS account needed
	$(BIN)/auditor demo $(ARGS)

test: lint ## Lint, check types and run the tests; options for pytest in ARGS
	$(BIN)/python -m pytest -q -n $(JOBS) $(ARGS)

lint: $(READY) ## Check style, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: $(READY) ## Generate the reference pages in docs/
	$(BIN)/python docs/generate.py $(ARGS)

bench: $(READY) ## Measure speed and memory
	$(BIN)/python benchmarks/run.py $(ARGS)
	$(BIN)/python benchmarks/every_check.py
	$(BIN)/python -m benchmarks.terraform

benchlive: $(READY) ## Measure a live scan against a simulated account; ARGS="1 3" for some cases
	$(BIN)/python -m benchmarks.live $(ARGS)

benchreport: $(READY) ## Measure the HTML report, in Chromium where it is installed
	$(BIN)/python -m benchmarks.report

plans: $(READY) ## Let Terraform plan the examples of checks again, where they changed; needs terraform
	PYTHONPATH=. $(BIN)/python tools/build_terraform_plans.py $(ARGS)

screenshots: $(READY) ## Take the pictures of the HTML report in docs/; needs Chromium
	$(BIN)/python tools/screenshots.py

lock: ## Resolve requirements/ci.lock again; newest versions with ARGS=--upgrade
	rm -rf .lock-venv
	$(PYTHON) -m venv .lock-venv
	.lock-venv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	.lock-venv/bin/uv pip compile pyproject.toml --all-extras --group dev --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock" \
		--quiet --output-file $(LOCK) $(ARGS)
	rm -rf .lock-venv

clean: ## Remove .venv, caches and build output
	rm -rf $(VENV) .lock-venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
	find auditor checks reports tests docs benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

$(READY): pyproject.toml $(LOCK)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo 'auditor needs Python 3.11 or newer, and $(PYTHON) is not. Name another one: make $(MAKECMDGOALS) PYTHON=python3.13' >&2; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV) || { rm -rf $(VENV); \
		echo 'No virtual environment: this Python lacks venv or ensurepip. On Debian and Ubuntu: apt install python3-venv' >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCK)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
