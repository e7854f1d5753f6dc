"""Imported first by functions that clients wait for: shortens a cold start (docs/performance.md).

Loading a function creates some hundred thousand objects that stay. Python would search them for
garbage at every few hundred, which takes a sixth of the CPU of a cold start and finds nothing.
Reference counting, which frees nearly everything, is not affected.

Powertools and segno import modules of the standard library for features that no function uses, and
pydantic searches all packages for plugins, of which there are none.
"""

import gc
import logging
import os
import sys
from importlib import import_module
from types import ModuleType
from typing import Any

_OBJECTS = 200_000
"""Objects that are created and not freed before Python searches the young ones for cycles: more
than any function loads, and some tens of megabytes at most, of the 512 that a function has."""

_SELDOM_USED = ("asyncio", "tempfile", "urllib.request", "zipfile")


class _LoadedWhenUsed(ModuleType):
    """Stands in for a module until the first access to what is in it."""

    def __getattr__(self, name: str) -> Any:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


def _load_when_used(name: str) -> None:
    if name in sys.modules:
        return
    module = sys.modules[name] = _LoadedWhenUsed(name)
    package, _, of_package = name.rpartition(".")
    if package:
        setattr(import_module(package), of_package, module)


gc.set_threshold(_OBJECTS)
os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
# Otherwise each log record would load asyncio to name its task (Python 3.12 and later).
logging.logAsyncioTasks = False  # type: ignore[attr-defined]
for _name in _SELDOM_USED:
    _load_when_used(_name)
