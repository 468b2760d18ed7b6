# Two commands: `make demo` and `make test`. Both set the project up in .venv first.

PYTHON ?= python3
BIN = .venv/bin
DEMO ?= demo
# What Skia's wheel loads and does not bring, in Debian's and Ubuntu's names.
LIBRARIES = apt-get -qq -y install libegl1 libgl1 libexpat1 libfontconfig1

.PHONY: demo test test-long lint format setup lock clean

demo: setup
	$(BIN)/crowdcut demo $(DEMO)

test: setup lint
	$(BIN)/pytest -n 2 -m "not long"

test-long: setup
	$(BIN)/pytest -m long

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/basedpyright --pythonpath $(BIN)/python

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

setup: .venv/.ready

.venv/.ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(None if (3, 11) <= sys.version_info < (3, 14) else "Crowdcut needs Python 3.11, 3.12 or 3.13; say which: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@$(BIN)/python -c 'import skia' 2>/dev/null || { \
	  echo "Skia needs libraries of the system: $(LIBRARIES)"; \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then apt-get -qq update && $(LIBRARIES); \
	  else echo "Run that as root, then make again."; exit 1; fi; }
	@$(BIN)/python -c 'import skia'
	touch $@

# Exact versions for every supported Python, without index addresses.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --extra dev pyproject.toml --output-file requirements.lock

clean:
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis
