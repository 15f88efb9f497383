# make run    everything set up, the course loaded, served on http://127.0.0.1:8000 (or PORT)
# make test   everything set up, every test
PYTHON ?= python3
PORT ?= 8000
DATA_DIR ?= $(CURDIR)/var
export DATA_DIR
PY := .venv/bin/python
STATIC := $(DATA_DIR)/static/staticfiles.json

.PHONY: run test check fix results bench shots lighthouse validate font lock browser

run: .venv/run $(STATIC)
	@$(PY) manage.py migrate --verbosity 0
	@$(PY) manage.py load_content
	@echo
	@echo "  The site:            http://127.0.0.1:$(PORT)/"
	@echo "  Editing:             http://127.0.0.1:$(PORT)/admin/"
	@echo "  Make the owner:      DATA_DIR=$(DATA_DIR) $(PY) manage.py createsuperuser"
	@echo "  Make an editor:      DATA_DIR=$(DATA_DIR) $(PY) manage.py create_editor NAME"
	@echo
	@PORT=$(PORT) exec .venv/bin/gunicorn -c python:trustsite.gunicorn trustsite.wsgi

test: .venv/dev browser
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || .ci/packages postgresql
	$(PY) -m pytest

check: .venv/dev
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m djlint templates --lint --quiet
	$(PY) -m mypy
	$(PY) manage.py makemigrations --check --dry-run
	ALLOWED_HOSTS=example.org SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(60))') \
		$(PY) manage.py check --deploy --fail-level WARNING
	$(PY) manage.py load_content --check

fix: .venv/dev
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

# The suite sends 50 random answer sets to each quiz and context; this sends 1,000.
results: .venv/dev
	SETS=1000 $(PY) -m pytest tests/quizzes/test_against_oracle.py

bench: .venv/dev
	$(PY) -m tools.bench

shots: .venv/dev browser
	$(PY) -m tools.shots $(if $(README),--readme) $(if $(GUIDE),--guide)

# Lighthouse on the pages that matter most (needs node; fetches the tool for this run only).
lighthouse: .venv/dev browser
	$(PY) -m tools.lighthouse

# The W3C's validator over every page type and state (needs node and java; fetches the tool for this run only).
validate: .venv/dev browser
	$(PY) -m tools.validate

# The font's subset, from the whole font (needs npm; fetches that and fonttools, which nothing else needs).
font: .venv/dev .venv/fonttools
	PYTHONPATH=.venv/fonttools $(PY) -m tools.font

# The pinned requirements, made anew from pyproject.toml (needs uv).
lock:
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
		--custom-compile-command "make lock" --extra postgresql pyproject.toml -o requirements.txt
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
		--custom-compile-command "make lock" --extra dev pyproject.toml -c requirements.txt -o requirements-dev.txt

# Debian's Chromium, and the library that the node inside Playwright's driver needs and its wheel does not bring.
browser:
	@command -v chromium >/dev/null || .ci/packages chromium
	@ls /usr/lib/*/libatomic.so.1 >/dev/null 2>&1 || .ci/packages libatomic1

.venv/bin/python:
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || .ci/packages python3-venv
	$(PYTHON) -m venv .venv

.venv/run: .venv/bin/python requirements.txt
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/dev: .venv/bin/python requirements-dev.txt
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ .venv/run

.venv/fonttools: .venv/bin/python
	$(PY) -m pip install --quiet --disable-pip-version-check --target $@ fonttools==4.68.0

$(STATIC): .venv/run $(shell find static -type f)
	$(PY) manage.py collectstatic --noinput --verbosity 0
	@touch $@
