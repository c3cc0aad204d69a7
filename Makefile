# All set-up happens in .venv, once, and again when what is needed changes.
PYTHON ?= python3
PY := $(if $(filter Windows_NT,$(OS)),.venv/Scripts/python.exe,.venv/bin/python)

.PHONY: lab test unit everything check lint format tox bench soak fuzz suites mutants pictures package release-check release docs docs-open clean

lab: .venv/lab
	$(PY) examples/lab $(ARGS)

test: .venv/test
	$(PY) -m pytest --numprocesses 2 --dist loadfile $(ARGS)

# The tests that need no browser and no server.
unit: .venv/unit
	$(PY) -m pytest --numprocesses 2 --ignore=tests/e2e $(ARGS)

# What CI runs: checks, every Python of this machine, the lowest versions, fuzzing, archives, and the README's test command.
# That comes last, so that its summary closes the output, and measures what is covered.
everything: lint package
	$(MAKE) tox ARGS='--parallel 2 --parallel-no-spinner'
	$(MAKE) fuzz
	$(MAKE) test ARGS='--cov --cov-fail-under=98'

check: lint
	$(PY) -m pytest --cov --cov-fail-under=98 $(ARGS)

format: .venv/dev
	$(PY) -m ruff check --fix-only --quiet
	$(PY) -m ruff format

lint: .venv/dev
	$(PY) -m ruff format --check
	$(PY) -m ruff check
	$(PY) -m mypy

# The Pythons on the path, and those that pyenv has.
tox: .venv/dev
	PATH="$$PATH:$$(echo "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/3.*/bin | tr ' ' ':')" $(PY) -m tox $(ARGS)

bench: .venv/bench
	$(PY) -m benchmarks $(ARGS)

# Ten minutes of valid and hostile requests to waitress and gunicorn; ARGS='--minutes 1' is shorter.
soak: .venv/bench
	$(PY) -m benchmarks.soak $(ARGS)

# Thirty seconds of each target; ARGS='browser --seconds 600' is one of them, longer.
fuzz: .venv/fuzz
	$(PY) -m tests.fuzz $(ARGS)

# The suites of Flask, Werkzeug, WebTest and Bottle with the wrapper active; ARGS=bottle is one of them.
suites: .venv/test
	$(PY) -m tests.suites $(ARGS)

# What the tests would not notice: make mutants ARGS=flask_crossorigin/server/protocol.py
mutants: .venv/mutants
	$(PY) -m tests.mutants $(ARGS)

# The pictures of the README, from the lab in Chromium.
pictures: .venv/dev
	$(PY) docs/tools/pictures.py

# The documentation site in docs/_build/html.
docs: .venv/docs docs/node_modules
	$(PY) -m sphinx -W --keep-going --quiet -b html docs docs/_build/html

docs-open: docs
	$(PY) -m http.server --bind 127.0.0.1 --directory docs/_build/html 8008

docs/node_modules: docs/package.json
	npm install --silent --no-audit --no-fund --no-package-lock --prefix docs
	@touch $@

# The wheel and the source archive in dist/, and what looks at them.
package: .venv/package
	rm -rf dist
	$(PY) -m build --quiet
	$(PY) -m check_wheel_contents dist
	$(PY) -m twine check --strict dist/*
	$(PY) -m pyroma --min=8 dist/*.tar.gz  # 10 but for an e-mail address of the author
	$(PY) -m validate_pyproject pyproject.toml

# Whether TAG, the version and the changelog belong together.
release-check: .venv/package
	$(PY) docs/tools/release.py check $(TAG)

# The steps of a release up to the push: make release VERSION=1.2.3
release: .venv/package
	$(PY) docs/tools/release.py prepare $(VERSION)

clean:
	rm -rf .venv

$(PY):
	$(PYTHON) -m venv .venv
	@$(PY) -m pip install --quiet --upgrade 'pip >= 25.1'  # the first that knows dependency groups

# A stamp for each group of pyproject.toml that is installed.
.venv/%: setup.cfg pyproject.toml | $(PY)
	@echo 'Installing the group $* into .venv: a minute or less, the first time only.'
	@$(PY) -m pip install -qq --editable '.[check]' --group $*
	@touch $@
