# Everything happens in .venv, filled from the pinned requirements. `make demo` and `make test` need nothing before them.
PYTHON ?= python3
BIN := .venv/bin
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1
# Certificates of the machine, which an institution may have added to, as pip is told of them.
export UV_SYSTEM_CERTS := 1

.PHONY: demo test setup check browser access bench stack stack-test requirements docs

demo: setup
	$(BIN)/python manage.py demo $(ARGS)

test: setup
	$(BIN)/python -m pytest -m "not browser and not stack" -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

setup: .venv/filled

.venv/filled: requirements-dev.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip sync --quiet --require-hashes requirements-dev.txt
	@touch .venv/filled

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djade --check $$(git ls-files 'templates/*.html')
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python tools/pins.py

browser: setup
	$(BIN)/python -m pytest -m browser $(ARGS)

access: setup
	PYTHONPATH=tests:. $(BIN)/python -m gate $(ARGS)

bench: setup
	for file in tests/bench/*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

stack: setup
	$(BIN)/python tools/stack.py

stack-test: setup
	$(BIN)/python -m pytest -m stack $(ARGS)

requirements: setup
	$(BIN)/python tools/pins.py --write

docs: setup
	$(BIN)/zensical build --strict
