"""Two emulators, bare and adapted, each with the gap stack deployed.

State lives in temporary folders only; no test may leave an emulator running.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local import emulator_process
from local.deploy import EMULATOR_PYTHON
from local.ports import free_port
from tests.emulator.gap_stack import Stack, deploy


@pytest.fixture(scope="session")
def emulator_python() -> Path:
    return EMULATOR_PYTHON


def _deployed(python: Path, state_dir: Path, *, adapted: bool) -> Iterator[Stack]:
    try:
        emulator = emulator_process.start(python, free_port(), state_dir, adapted=adapted)
        yield deploy(emulator.endpoint, "gaps", "first")
    finally:
        emulator_process.stop(state_dir)


@pytest.fixture(scope="session")
def bare(emulator_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    yield from _deployed(emulator_python, tmp_path_factory.mktemp("bare"), adapted=False)


@pytest.fixture(scope="session")
def adapted(emulator_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    yield from _deployed(emulator_python, tmp_path_factory.mktemp("adapted"), adapted=True)
