"""One stack for all tests that need one: the template, deployed to an emulator of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

if TYPE_CHECKING:
    from tests.e2e.conftest import Stack


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    # Imported here, so that unit tests need nothing of it.
    from local.stack import LocalStack  # noqa: PLC0415
    from tests.e2e.conftest import Stack, free_port  # noqa: PLC0415

    state_dir: Path = tmp_path_factory.mktemp("stack")
    local = LocalStack(state_dir, print)
    try:
        env = local.start(free_port())
        yield Stack(local, env, [env.api_key])
    finally:
        local.stop()


@pytest.fixture(scope="session")
def http(stack: Stack) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stack.env.base_url, timeout=60, trust_env=False) as client:
        yield client
