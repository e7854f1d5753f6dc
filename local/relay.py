"""Forwards connections to a server of this machine that listens on loopback only, for containers,
which have a loopback of their own."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_LINUX_IP_FREEBIND = 15
"""Lets a socket be bound to an address before its interface is there: the bridge of a container
engine appears with the first container (ip(7))."""


@contextmanager
def relay(address: str, target: tuple[str, int]) -> Iterator[int]:
    """The port on `address` that leads to `target` for as long as the context lasts."""
    listener = socket.socket()
    listener.setsockopt(socket.IPPROTO_IP, _LINUX_IP_FREEBIND, 1)
    listener.bind((address, 0))
    port: int = listener.getsockname()[1]
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(*target)
        await asyncio.gather(_copy(reader, back), _copy(there, writer))

    serving = asyncio.start_server(handle, sock=listener)
    server = asyncio.run_coroutine_threadsafe(serving, loop).result()
    try:
        yield port
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass  # One side has closed; closing notifies the other.
    finally:
        writer.close()
