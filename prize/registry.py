"""What spans apps is found by name, as Django finds ``admin.py``.

An app may have ``acts.py``, ``letters.py``, ``desks.py``, ``figures.py``, ``audit.py``, ``rulebook.py`` and ``demo.py``.
Lower apps never import higher ones: they ask here for "every letters module there is".
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from types import ModuleType
from typing import Generic, TypeVar

from django.apps import apps
from django.utils.module_loading import module_has_submodule

T = TypeVar("T")
OURS = ("prize", "applications", "screening", "judges", "ceremony")


def modules(name: str) -> Iterator[ModuleType]:
    """Each app's module of this name, lowest app first."""
    for app in OURS:
        package = apps.get_app_config(app).module
        if package is not None and module_has_submodule(package, name):
            yield import_module(f"{app}.{name}")


class Registry(Generic[T]):
    """A small table of named things, filled by decorators when its modules are first asked for."""

    def __init__(self, module: str):
        self.module = module
        self.found: dict[str, T] = {}
        self.searched = False

    def add(self, name: str) -> Callable[[T], T]:
        def keep(thing: T) -> T:
            if name in self.found:
                raise LookupError(f"two {self.module} are called {name}")
            self.found[name] = thing
            return thing

        return keep

    def all(self) -> dict[str, T]:
        if not self.searched:
            list(modules(self.module))
            self.searched = True
        return self.found

    def get(self, name: str) -> T:
        try:
            return self.all()[name]
        except KeyError:
            raise LookupError(f"no {self.module} is called {name}") from None
