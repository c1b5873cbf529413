# The front door. Needs nothing but Python 3.11 or newer and make.
# PYTHON=python3.13 make ...  uses another interpreter.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# A file's tests stay together, so that what they share is made once.
PYTEST := $(BIN)/python -m pytest -q -n auto --dist loadfile --no-loadscope-reorder
LOCK_OPTIONS := --universal --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet
ROOMS := api capture cli consent models productivity reports storage sample_videos benchmarks tests

export PATH := $(abspath $(BIN)):$(PATH) # uv_build looks for its program there

.PHONY: help demo server-demo test check bench bars picture spark format lock clean
help: ## say what there is
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "fairtakt needs Python 3.11 or newer, found $$($(PYTHON) --version)"; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

demo: $(READY) ## play the whole story: agreement, recording, suspension, audit, forgery
	$(BIN)/fairtakt weights fetch
	@sh examples/story/play.sh out/demo

server-demo: $(READY) ## serve a demonstration plant on http://localhost:8443, with accounts that it prints
	$(BIN)/fairtakt serve --demo

test: $(READY) ## run the tests
	$(PYTEST)

check: $(READY) ## formatter, linter, types, layers, tests
	$(BIN)/ruff format --check $(ROOMS)
	$(BIN)/ruff check $(ROOMS)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(PYTEST)

bench: $(READY) ## measure the recorder beside MediaPipe, aggregation beside SQL, log, server, timelines, vault; writes out/bench/*.json
	$(BIN)/python -m benchmarks.capture
	$(BIN)/python -m benchmarks.method
	$(BIN)/python -m benchmarks.consent
	$(BIN)/python -m benchmarks.server
	$(BIN)/python -m benchmarks.timelines
	$(BIN)/python -m benchmarks.sealing
	$(BIN)/python -m benchmarks.vault
	$(BIN)/python -m benchmarks.motion_session

bars: $(READY) ## print every accuracy figure that the samples are held to
	$(BIN)/python -m benchmarks.bars

picture: demo ## draw the README's picture of the demo's result anew
	$(BIN)/python -m benchmarks.picture

format: $(READY) ## format and mend what can be mended
	$(BIN)/ruff format $(ROOMS)
	$(BIN)/ruff check --fix $(ROOMS)

spark: $(READY) ## install the second engine of the aggregation (needs a Java runtime to run)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-spark.lock

lock: $(READY) ## resolve requirements.lock anew (needs uv)
	uv pip compile pyproject.toml --extra all --group dev $(LOCK_OPTIONS) -o requirements.lock
	uv pip compile pyproject.toml --extra spark --constraint requirements.lock $(LOCK_OPTIONS) -o requirements-spark.lock

clean: ## remove what make built
	rm -rf $(VENV) out dist
