"""The examples in the code are true."""

import doctest
from importlib import import_module

import pytest


@pytest.mark.parametrize("name", ["comparing", "computing", "passages", "rules"])
def test_examples(name):
    result = doctest.testmod(import_module(f"screening.{name}"))
    assert (result.failed, result.attempted > 0) == (0, True)
