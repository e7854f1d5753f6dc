"""`make edge-secret`, and the parameters that take what it prints."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jmpy.gateway.viewer import Edge
from ops import edge_secret
from project import template
from project.template import PROJECT
from tests.unit.test_viewer import through_cdn

if TYPE_CHECKING:
    import pytest


def drawn(capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    edge_secret.main()
    printed = dict(re.findall(r"^(\w+)=(.+)$", capsys.readouterr().out, re.MULTILINE))
    return printed["EdgeSecret"], printed["EdgeSecretHashes"]


def test_what_is_drawn_proves_and_is_never_drawn_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    (secret, hashed), (other, _) = drawn(capsys), drawn(capsys)
    assert Edge((hashed,)).viewer(through_cdn("198.51.100.10:1", secret)).proven
    assert not Edge((hashed,)).viewer(through_cdn("198.51.100.10:1", other)).proven


def test_the_templates_take_what_is_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    (secret, hashed), (_, other) = drawn(capsys), drawn(capsys)
    edge = template.read(PROJECT / "deploy" / "edge.yaml")["Parameters"]["EdgeSecret"]
    api = template.load()["Parameters"]["EdgeSecretHashes"]
    assert re.search(edge["AllowedPattern"], secret)
    assert not re.search(edge["AllowedPattern"], secret[:31])
    assert edge["NoEcho"] is True
    assert all(re.search(api["AllowedPattern"], text) for text in ("", hashed, f"{hashed},{other}"))
    assert not any(
        re.search(api["AllowedPattern"], text) for text in (secret, f"{hashed},", f"{hashed},x")
    )


def test_the_edge_sends_the_header_that_the_functions_read() -> None:
    resources = template.read(PROJECT / "deploy" / "edge.yaml")["Resources"]
    origins = resources["Distribution"]["Properties"]["DistributionConfig"]["Origins"]
    sent = [header for origin in origins for header in origin["OriginCustomHeaders"]]
    assert sent == [{"HeaderName": "X-Jmpy-Edge", "HeaderValue": {"Ref": "EdgeSecret"}}]
