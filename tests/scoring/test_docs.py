import doctest
import importlib
import inspect
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import prize.scoring

ROOT = Path(__file__).parents[2]
MODULES = sorted(
    module.name for module in pkgutil.walk_packages(prize.scoring.__path__, prefix="prize.scoring.", onerror=None)
)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_code_are_true(name):
    failed, _ = doctest.testmod(importlib.import_module(name))
    assert failed == 0


def test_every_public_function_has_an_example():
    public = [getattr(prize.scoring, name) for name in prize.scoring.__all__]
    assert [each for each in public if inspect.ismodule(each)] == []
    functions = [each for each in public if inspect.isfunction(each)]
    assert [each.__name__ for each in functions if ">>>" not in (each.__doc__ or "")] == []


def test_scoring_needs_no_django():
    code = "import prize.scoring, sys; sys.exit(any(name.partition('.')[0] in {'django', 'celery'} for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_the_page_on_method_is_true_and_names_every_method():
    page = ROOT / "docs" / "method.md"
    failed, tried = doctest.testfile(str(page), module_relative=False)
    assert tried > 30
    assert failed == 0
    text = page.read_text()
    assert [name for name in prize.scoring.METHODS if name not in text] == []
