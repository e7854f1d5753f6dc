"""What `make start`, `stop` and `key` promise."""

from __future__ import annotations

import stat

import httpx
import pytest

from local import emulator_process
from local.ports import PortUnusable, free_port
from local.stack import LocalStack
from ops import account as account_command
from ops import key as key_command
from ops import stack_env
from ops.smoke.assertions import SHORT_URLS, bearer
from project.hosted_login import Person
from project.stack import Stack
from tests.e2e.conftest import ALLOWED_ORIGIN


def test_stack_env_is_for_its_owner_only(stack: Stack) -> None:
    path = stack_env.path(stack.local.state_dir)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stack_env.read(stack.local.state_dir) == stack.env


def test_what_a_start_writes_is_for_its_owner_only(stack: Stack) -> None:
    state_dir = stack.local.state_dir
    assert stat.S_IMODE(state_dir.stat().st_mode) == 0o700
    own = ["credentials", "stack.env", "emulator.log", "emulator.pid", "emulator", "deployed"]
    kept = [path for name in ("services", "s3", "tmp") for path in (state_dir / name).iterdir()]
    for path in (*(state_dir / name for name in own), *kept):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_a_second_start_deploys_nothing_and_keeps_the_key(stack: Stack) -> None:
    said: list[str] = []
    again = LocalStack(stack.local.state_dir, said.append).start(free_port(), ALLOWED_ORIGIN)
    assert said == []
    assert again == stack.env


def test_keys_and_links_survive_stop_and_start(stack: Stack, everything: str) -> None:
    url = f"{stack.env.base_url}{SHORT_URLS}"
    link = httpx.post(
        url, json={"url": "https://example.com/kept"}, headers=bearer(everything),
        timeout=60, trust_env=False,
    ).json()["data"]  # fmt: skip
    stack.local.stop()
    assert emulator_process.running(stack.local.state_dir) is None
    assert stack.local.start(stack.port, ALLOWED_ORIGIN) == stack.env
    found = httpx.get(
        f"{url}/{link['id']}", headers=bearer(everything), timeout=60, trust_env=False
    )
    assert found.json()["data"] == link
    assert "Signed in as" in Person(stack).sign_in().text


def test_a_taken_port_is_a_clear_error(
    stack: Stack, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = LocalStack(tmp_path_factory.mktemp("other"), print)
    with pytest.raises(PortUnusable, match=str(stack.port)):
        other.start(stack.port)


class TestKeyCommand:
    @pytest.fixture(autouse=True)
    def _on_the_test_stack(self, stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(stack_env, "read", lambda: stack.env)

    def test_a_key_is_printed_once_and_works(
        self, stack: Stack, http: httpx.Client, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert account_command.main(["create", "--account", "cli"]) == 0
        capsys.readouterr()
        create = ["create", "--name", "CLI", "--permissions", "read, write", "--account", "cli"]
        create += ["--environment", "staging"]
        assert key_command.main(create) == 0
        printed = capsys.readouterr()
        secret = printed.out.strip()
        stack.secrets.append(secret)
        assert secret not in printed.err
        assert http.get(SHORT_URLS, headers=bearer(secret)).status_code == 200

        assert key_command.main(["list", "--account", "cli"]) == 0
        listed = capsys.readouterr().out
        assert "read write" in listed
        assert "CLI" in listed
        assert "staging" in listed
        assert secret not in listed

        key_id = listed.split()[0]
        assert key_command.main(["revoke", key_id, "--account", "cli"]) == 0
        assert key_command.main(["list", "--account", "cli"]) == 0
        assert "revoked" in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["create", "--name", "x", "--permissions", "admin"], "Unknown permission 'admin'"),
            (["create", "--name", "x", "--environment", "moon"], "Unknown environment 'moon'"),
            (["create", "--name", " "], "1 to 100"),
            (["create", "--name", "x", "--account", "a b"], "no account"),
            (["revoke", "nope"], "There is no API key"),
            (["rotate", "nope"], "There is no API key"),
        ],
    )
    def test_a_mistake_is_one_clear_line(
        self, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
    ) -> None:
        assert key_command.main(arguments) == 1
        printed = capsys.readouterr()
        assert printed.out == ""
        assert message in printed.err
        assert len(printed.err.splitlines()) == 1
