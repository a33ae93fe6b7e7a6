from __future__ import annotations

import doctest
from importlib import import_module
from pkgutil import walk_packages

import pytest

from equipoise import rules

MODULES = [module.name for module in walk_packages(rules.__path__, "equipoise.rules.")]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_rules_come_out_as_written(name):
    assert doctest.testmod(import_module(name)).failed == 0
