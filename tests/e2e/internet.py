"""An internet for functions of the running stack, with one host in it: a receiver of this machine.

Webhooks go to public addresses only, and no test weakens that. Here a function is told, by a layer
of the test that wraps its handler, that the receiver's host has a public address and that this
address is reached at a port of this machine. Everything between, the product's own code, is as it
is deployed: it resolves, checks the address, connects to it and checks the certificate.
"""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

    from project.receiver import Receiver

ADDRESS = "8.8.8.8"
"""That the receiver's host has, as far as the functions can tell."""

_WRAPPED = """
import os
import socket

os.environ["SSL_CERT_FILE"] = {certificate!r}
resolve, connect = socket.getaddrinfo, socket.create_connection


def resolved(host, port, *rest, **named):
    if host == {host!r}:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ({address!r}, port))]
    return resolve(host, port, *rest, **named)


def connected(address, *rest, **named):
    return connect(("127.0.0.1", {port}) if address[0] == {address!r} else address, *rest, **named)


socket.getaddrinfo, socket.create_connection = resolved, connected

from app import handler  # noqa: E402, F401
"""


@contextmanager
def internet(
    lambdas: LambdaClient, receiver: Receiver, certificate: Path, *functions: str
) -> Iterator[None]:
    """For the functions whose names hold one of these texts."""
    text = _WRAPPED.format(
        certificate=str(certificate), host=receiver.host, address=ADDRESS, port=receiver.port
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("python/on_the_internet.py", text)
    layer = lambdas.publish_layer_version(
        LayerName=f"internet-{time.time_ns()}", Content={"ZipFile": packed.getvalue()}
    )["LayerVersionArn"]
    before = {
        found["FunctionName"]: (found["Handler"], [used["Arn"] for used in found["Layers"]])
        for found in lambdas.list_functions()["Functions"]
        if any(name in found["FunctionName"] for name in functions)
    }
    assert len(before) == len(functions)
    try:
        for name, (_, layers) in before.items():
            lambdas.update_function_configuration(
                FunctionName=name, Handler="on_the_internet.handler", Layers=[*layers, layer]
            )
        yield
    finally:
        for name, (handler, layers) in before.items():
            lambdas.update_function_configuration(FunctionName=name, Handler=handler, Layers=layers)
