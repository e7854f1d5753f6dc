"""What is not loaded until it is used, and that it works then."""

import subprocess
import sys

from project.template import PROJECT

SCRIPT = """
import sys
import jmpy.startup
import asyncio, logging, tempfile, urllib.request, zipfile

logging.warning("a record")
assert "asyncio.events" not in sys.modules
assert not {"shutil", "urllib.response"} & sys.modules.keys(), "which the others import"

async def five():
    await asyncio.sleep(0)
    return 5

assert asyncio.run(five()) == 5
import asyncio.subprocess
from asyncio import Queue
assert sys.modules["asyncio"].Queue is asyncio.Queue is Queue
assert urllib.request.Request("http://localhost/").host == "localhost"
from urllib import request
assert sys.modules["urllib.request"] is urllib.request is request
with tempfile.TemporaryFile() as file, zipfile.ZipFile(file, "w") as archive:
    archive.writestr("name", "text")
    assert archive.read("name") == b"text"
"""


def test_modules_that_are_seldom_used_are_loaded_by_the_first_access() -> None:
    done = subprocess.run(
        [sys.executable, "-S", "-c", SCRIPT],
        env={"PYTHONPATH": str(PROJECT / "layers")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
