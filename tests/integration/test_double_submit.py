"""Every form of the dashboard is sent twice: as by a double click, or by going back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.conftest import Figures
from tests.integration import moto_tables, paths
from tests.integration.test_faults import change, state, world

if TYPE_CHECKING:
    from tests.integration.paths import Path, World

__all__ = ["world"]

SIGNED_OUT = "POST /logout"


@pytest.mark.parametrize(
    "path",
    [path for path in paths.every() if path.name.startswith(("POST /dashboard", SIGNED_OUT))],
    ids=lambda path: path.name,
)
def test_a_form_that_is_sent_twice_does_what_it_does_once(
    path: Path, world: World, figures: Figures
) -> None:
    moto_tables.restore(world.kept)
    send, before = path.prepare(world), state()
    first, once = send(), change(before, state())
    second, twice = send(), change(before, state())
    assert first.status < 400
    assert second.status < 500
    assert twice == once
    figures("races", races=1)
