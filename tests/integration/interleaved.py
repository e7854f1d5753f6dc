"""What happens in the middle of something else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmpy.keys.store import KeyStore

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest


def before(
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    other: Callable[[], object],
    store: type = KeyStore,
) -> None:
    """Lets `other` happen once, just before the store's method writes."""
    write, pending = getattr(store, name), [other]

    def late(*arguments: Any, **options: Any) -> Any:
        if pending:
            pending.pop()()
        return write(*arguments, **options)

    monkeypatch.setattr(store, name, late)
