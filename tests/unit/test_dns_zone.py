"""The DNS records of the local stack, and the resolver that has them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from local import dns_zone
from local.dns_zone import InvalidRecord, Record
from local.emulator import name_server

if TYPE_CHECKING:
    from pathlib import Path

ZONE = """
_jmpy.go.acme.test TXT jmpy-verify=ab
go.acme.test CNAME id.cname.short.localhost
id.cname.short.localhost A 127.0.0.1
"""


def test_records_are_read_as_they_were_written() -> None:
    records = dns_zone.parse(ZONE)
    assert records[0] == Record("_jmpy.go.acme.test", "TXT", "jmpy-verify=ab")
    assert dns_zone.parse(dns_zone.written(records)) == records


def test_a_record_is_added_once_and_removed_by_name_and_type() -> None:
    records = dns_zone.changed([], "GO.acme.test.", "txt", "one two")
    records = dns_zone.changed(records, "go.acme.test", "TXT", "one two")
    assert records == [Record("go.acme.test", "TXT", "one two")]
    more = dns_zone.changed(records, "go.acme.test", "A", "127.0.0.1")
    assert dns_zone.changed(more, "go.acme.test", "A", "") == records


@pytest.mark.parametrize("line", ["go.acme.test", "go.acme.test TXT", "go.acme.test MX 10 x"])
def test_what_is_no_record_is_rejected(line: str) -> None:
    with pytest.raises(InvalidRecord):
        dns_zone.parse(line)


def test_the_resolver_follows_names_and_knows_what_does_not_exist(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "dns"
    monkeypatch.setenv("JMPY_DNS", str(file))
    assert json.loads(name_server.respond(b"name=go.acme.test&type=A")) == {"Status": 3}
    file.write_text(ZONE)
    found = json.loads(name_server.respond(b"name=GO.acme.test&type=A"))
    assert [(entry["type"], entry["data"]) for entry in found["Answer"]] == [
        (5, "id.cname.short.localhost"),
        (1, "127.0.0.1"),
    ]
    text = json.loads(name_server.respond(b"name=_jmpy.go.acme.test&type=TXT"))
    assert text["Answer"][0]["data"] == '"jmpy-verify=ab"'
    assert json.loads(name_server.respond(b"name=go.acme.test&type=TXT"))["Status"] == 0
