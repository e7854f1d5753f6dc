import stat
from dataclasses import replace
from pathlib import Path

import pytest

from ops import stack_env
from ops.local_credentials import Credentials
from ops.stack_env import NoLocalStack, StackEnv

ENV = StackEnv(
    "http://base", "key", "http://endpoint", Credentials("AKIAKEY", "sec=ret"), "stack", "sub",
    "a@example.com", "p=w",
)  # fmt: skip


def test_what_was_written_is_read(tmp_path: Path) -> None:
    stack_env.write(ENV, tmp_path)
    assert stack_env.read(tmp_path) == ENV
    assert ENV.dashboard_url == "http://base/dashboard"


def test_a_later_start_replaces_it(tmp_path: Path) -> None:
    stack_env.write(ENV, tmp_path)
    changed = replace(ENV, api_key="other")
    stack_env.write(changed, tmp_path)
    assert stack_env.read(tmp_path) == changed


@pytest.mark.parametrize("missing", ["JMPY_ACCOUNT", "AWS_SECRET_ACCESS_KEY"])
def test_a_file_of_an_earlier_version_is_no_running_stack(tmp_path: Path, missing: str) -> None:
    stack_env.write(ENV, tmp_path)
    lines = stack_env.path(tmp_path).read_text().splitlines()
    kept = [line for line in lines if not line.startswith(missing)]
    stack_env.path(tmp_path).write_text("\n".join(kept))
    with pytest.raises(NoLocalStack):
        stack_env.read(tmp_path)


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    stack_env.path(tmp_path).touch(mode=0o644)
    stack_env.write(ENV, tmp_path)
    assert stat.S_IMODE(stack_env.path(tmp_path).stat().st_mode) == 0o600
