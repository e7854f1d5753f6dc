"""Two emulators, bare and adapted, each with the gap stack deployed.

State lives in temporary folders only; no test may leave an emulator running.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local import emulator_process
from local.deploy import EMULATOR_PYTHON
from local.emulator_process import Adapters
from local.ports import free_port
from tests.emulator.gap_stack import Stack, deploy


@pytest.fixture(scope="session")
def emulator_python() -> Path:
    return EMULATOR_PYTHON


def _deployed(python: Path, state_dir: Path, adapters: Adapters) -> Iterator[Stack]:
    try:
        emulator = emulator_process.start(python, free_port(), state_dir, adapters=adapters)
        yield deploy(emulator, "gaps", "first")
    finally:
        emulator_process.stop(state_dir)


@pytest.fixture(scope="session")
def bare(emulator_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """With the door only, since it runs on the machine of whoever runs the tests."""
    yield from _deployed(emulator_python, tmp_path_factory.mktemp("bare"), Adapters.DOOR)


@pytest.fixture(scope="session")
def adapted_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("adapted")


@pytest.fixture(scope="session")
def adapted(emulator_python: Path, adapted_state: Path) -> Iterator[Stack]:
    yield from _deployed(emulator_python, adapted_state, Adapters.ALL)
