"""The examples in the docstrings are true."""

import doctest
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import judges.matching

MODULES = ["judges.matching", *(f"judges.matching.{m.name}" for m in pkgutil.iter_modules(judges.matching.__path__))]


@pytest.mark.parametrize("name", MODULES)
def test_every_example_is_true(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_the_page_on_assignment_is_true():
    page = Path(__file__).parents[2] / "docs" / "assignment.md"
    failed, tried = doctest.testfile(str(page), module_relative=False)
    assert tried > 30
    assert failed == 0


def test_matching_needs_neither_django_nor_celery_nor_anything_of_ours():
    code = (
        "import sys, judges.matching\n"
        "ours = {'prize', 'applications', 'screening', 'ceremony', 'judges.models', 'django', 'celery'}\n"
        "print(sorted(m for m in sys.modules if m in ours or m.split('.')[0] in ours - {'judges.models'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
