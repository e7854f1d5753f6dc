"""AWS for the bench: moto in a process of its own, over TLS, with the template's tables.

TLS, because AWS has nothing else and a client pays for it; a process of its own, because only the
client's CPU is counted. The bundle of trusted certificates is as long as a real one.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import botocore
from botocore.exceptions import BotoCoreError, ClientError

from bench.speed import trees
from jmpy.keys.item import to_item
from jmpy.links.new_link import NewLink
from jmpy.links.service import LinkService
from jmpy.links.store import LinkStore
from local.ports import free_port
from project import environment, keys, receiver, tables

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ACCOUNT = "bench"
KEYS = 50
"""More than one run of warm calls, so that none finds its key in the cache."""

LINKS = 20
_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench"}


@dataclass(frozen=True)
class Seeded:
    """What is in the tables, and how functions find them."""

    variables: dict[str, str]
    secrets: list[str]
    digests: list[str]
    link_ids: list[str]
    codes: list[str]


@contextmanager
def serving(folder: Path) -> Iterator[Seeded]:
    certificate, bundle = _certificates(folder)
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "bench.speed.server", str(port), certificate],
        cwd=trees.PROJECT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    variables = {
        "AWS_ENDPOINT_URL": f"https://localhost:{port}",
        "AWS_CA_BUNDLE": str(bundle),
        "SSL_CERT_FILE": str(bundle),
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_REGION": "eu-west-1",
        **_CREDENTIALS,
    }
    try:
        yield _seed(variables)
    finally:
        server.terminate()
        server.wait()


def _seed(variables: dict[str, str]) -> Seeded:
    session = boto3.Session(
        _CREDENTIALS["AWS_ACCESS_KEY_ID"], _CREDENTIALS["AWS_SECRET_ACCESS_KEY"]
    )

    def client(service: str) -> Any:
        return session.client(  # type: ignore[call-overload]
            service,
            region_name=variables["AWS_REGION"],
            endpoint_url=variables["AWS_ENDPOINT_URL"],
            verify=variables["AWS_CA_BUNDLE"],
        )

    dynamodb: DynamoDBClient = client("dynamodb")
    _await(dynamodb)
    tables.create(dynamodb)
    queue = client("sqs").create_queue(QueueName="clicks")["QueueUrl"]
    secrets: list[str] = []
    digests: list[str] = []
    for number in range(KEYS):
        secret, key = keys.issued(id=f"key-{number}", account_id=ACCOUNT)
        dynamodb.put_item(TableName=tables.ACCOUNTS, Item=to_item(key))
        secrets.append(secret)
        digests.append(key.digest)
    links = LinkService(LinkStore(dynamodb, tables.LINKS))
    created = [links.create(ACCOUNT, NewLink("https://example.com/")) for _ in range(LINKS)]
    return Seeded(
        variables={
            **environment.sample(),
            **variables,
            "CLICKS_QUEUE_URL": queue,
            "PUBLIC_BASE_URL": "https://go.example.com",
            "POWERTOOLS_SERVICE_NAME": "bench",
            "POWERTOOLS_TRACE_DISABLED": "true",
        },
        secrets=secrets,
        digests=digests,
        link_ids=[link.id for link in created],
        codes=[link.short_code for link in created],
    )


def _await(dynamodb: DynamoDBClient) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            dynamodb.list_tables()
        except (BotoCoreError, ClientError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            return


def _certificates(folder: Path) -> tuple[Path, Path]:
    """Certificate and key for localhost in one file, and a bundle that trusts it beside all
    that the SDK trusts."""
    both = receiver.certificate(folder, "localhost")
    bundle = folder / "bundle.pem"
    theirs = Path(botocore.__file__).parent / "cacert.pem"
    bundle.write_text(theirs.read_text() + both.read_text())
    return both, bundle
