"""MiniStack's settings for this project.

It must never pass on a variable of the caller's environment except PATH: functions inherit what
the emulator has, and the caller may have real AWS credentials.
"""

import os
from collections.abc import Mapping
from pathlib import Path

API_PATH = "/_aws/execute-api/jmpy/live"
"""Where the emulator serves the API, its stage included: below such a path AWS serves one without a
custom domain."""


def environment(
    host: str, port: int, public_port: int, state_dir: Path, credentials: Mapping[str, str]
) -> dict[str, str]:
    """The whole environment: only PATH is the caller's. The credentials are those of the emulator's
    root user; functions get those of their roles instead."""
    scratch = state_dir / "tmp"
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        # Functions inherit this environment: no home folder means no ~/.aws to read.
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "AUTH": "true",
        **credentials,
        "BIND_HOST": host,
        "GATEWAY_PORT": str(port),
        "JMPY_PUBLIC_ADDRESS": f"{host}:{public_port}",
        "JMPY_DNS": str(state_dir / "dns"),
        "JMPY_HOSTS": str(state_dir / "hosts"),
        "JMPY_ORIGINS": str(state_dir / "origins"),
        "LAMBDA_EXECUTOR": "local",
        # DEBUG would log request paths; the emulator never logs queries or headers at INFO.
        "LOG_LEVEL": "INFO",
        "PERSIST_STATE": "1",
        "STATE_DIR": str(state_dir / "services"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(state_dir / "s3"),
        # MiniStack removes containers of other MiniStacks at start; a socket that does not exist
        # prevents it from using Docker, which is not needed here.
        "DOCKER_HOST": f"unix://{scratch}/no-docker.sock",
        # Both would listen on a fixed port of their own.
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
    }
