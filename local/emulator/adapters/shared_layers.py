"""Unpack a layer once.

MiniStack unpacks the layers again for each process of a function, and deletes the copy with it:
thousands of files for each concurrent request, and for each change of a function's settings. On AWS
a layer is there when the function starts, and cannot be written to (Lambda developer guide,
"Managing Lambda dependencies with layers"); so all processes may share one copy.

Tests: tests/emulator/test_gap_layers.py.
"""

import hashlib
import tempfile
import zipfile
from pathlib import Path
from threading import Lock
from types import SimpleNamespace
from typing import Any

from ministack.core import lambda_runtime

LAYER = "layer_"
"""How the folder of a layer begins, beside that of the code."""


def apply() -> None:
    """Give each process a link to the one copy, which is deleted when the emulator ends."""
    folder = tempfile.TemporaryDirectory(prefix="layers-")
    copies = Path(folder.name)
    lock = Lock()

    class Archive(zipfile.ZipFile):
        _folder = folder  # deleted when nothing refers to it

        def extractall(self, path: Any = None, members: Any = None, pwd: Any = None) -> None:
            if not Path(path).name.startswith(LAYER):
                super().extractall(path, members, pwd)
                return
            with lock:
                if not (copy := copies / _digest(self)).exists():
                    unpacked = copy.with_suffix(".part")
                    super().extractall(unpacked, members, pwd)
                    unpacked.rename(copy)
            Path(path).rmdir()
            Path(path).symlink_to(copy)

    lambda_runtime.zipfile = SimpleNamespace(
        ZipFile=Archive, BadZipFile=zipfile.BadZipFile, LargeFileError=zipfile.LargeZipFile
    )


def _digest(archive: zipfile.ZipFile) -> str:
    """By its content."""
    names = [(entry.filename, entry.CRC, entry.file_size) for entry in archive.infolist()]
    return hashlib.sha256(repr(names).encode()).hexdigest()
