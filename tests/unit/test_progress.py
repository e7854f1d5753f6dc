"""What long commands say while they wait."""

import pytest

from ops import progress


def test_a_long_wait_shows_how_much_is_left(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    progress.pause(95)
    assert slept == [30, 30, 30, 5]
    assert capsys.readouterr().err.splitlines() == [
        f"- API Gateway applies its new keys: {left} left ..." for left in ("1:35", "1:05", "0:35")
    ]


def test_a_short_wait_is_silent(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    progress.pause(5)
    progress.pause(0)
    assert (slept, capsys.readouterr().err) == ([5], "")
