"""A resolver of DNS over HTTPS for the functions, with the records that `make dns` wrote: on a
machine without a domain of its own, branded domains are proven by it (docs/local.md)."""

from __future__ import annotations

import json
import os
from pathlib import Path
from urllib.parse import parse_qs

from local import dns_zone

PATH = "/_dns/resolve"


def respond(query_string: bytes) -> bytes:
    query = parse_qs(query_string.decode(errors="replace"))
    name, kind = query.get("name", [""])[0], query.get("type", ["A"])[0]
    records = dns_zone.read(Path(os.environ["JMPY_DNS"]))
    return json.dumps(dns_zone.respond(records, name, kind)).encode()
