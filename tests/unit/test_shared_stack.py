"""All tests of a stack share one: a second one takes a minute and both processors."""

import pytest

from project.template import PROJECT
from tests.conftest import SHARING

FOLDERS = ("browser", "e2e", "emulator")
WITH_A_STACK = [
    name
    for folder in FOLDERS
    for path in sorted((PROJECT / "tests" / folder).glob("test_*.py"))
    if "stack: Stack" in path.read_text()
    for name in [f"tests/{folder}/{path.name}"]
]


@pytest.mark.parametrize("name", WITH_A_STACK)
def test_a_module_whose_tests_need_a_stack_shares_it(name: str) -> None:
    assert any(name.startswith(start) for start in SHARING)
