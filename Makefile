# The two commands of the README: make demo, make test. Both set up what they need.
PYTHON ?= python3.11
BIN := .venv/bin
READY := .venv/.ready
SPARK := .venv/.spark
COMPILE := $(BIN)/uv pip compile --quiet --universal --no-emit-index-url --generate-hashes --no-header --python-version 3.11

.PHONY: demo test test-scale java check lock clean

demo: $(READY)
	$(BIN)/python -m benchmarks.demo

test: $(READY) check
	$(BIN)/pytest -m "not scale" -n 2

test-scale: $(SPARK) java
	$(BIN)/pytest -m scale

# Spark runs on it; root has it installed, others are told.
java:
	@command -v java > /dev/null || { test "$$(id -u)" = 0 && apt-get update -qq && apt-get install -y -qq default-jre-headless; } \
	    || { echo "Spark's tests need Java 17 or later; run: apt-get install default-jre-headless" >&2; exit 1; }

check: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

$(READY): requirements.lock pyproject.toml hatch_build.py proto/aftc/v1/scorer.proto
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "$$(grep -o '^uv==[^ ]*' requirements.lock)"
	$(BIN)/uv pip install --quiet --python $(BIN)/python -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	touch $(READY)

# Spark is large, and nothing but its own tests needs it.
$(SPARK): $(READY) requirements-spark.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python -r requirements-spark.lock
	touch $(SPARK)

lock: $(READY)
	$(COMPILE) --extra ingest --extra train --extra dev pyproject.toml -o requirements.lock
	$(COMPILE) --extra spark --constraints requirements.lock pyproject.toml -o requirements-spark.lock

clean:
	rm -rf .venv aftc-demo
