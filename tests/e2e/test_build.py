"""`sam build` for Lambda, on a machine that has another Python and another processor."""

from __future__ import annotations

import re
from pathlib import Path

from local import deploy
from tests import template


def test_the_layers_are_built_for_lambda_and_not_for_this_machine(tmp_path: Path) -> None:
    build_dir = tmp_path / "build"
    deploy.sam(
        "build", "--build-dir", str(build_dir), "--cache-dir", str(tmp_path / "cache"), env={}
    )

    settings = template.load()["Globals"]["Function"]
    assert settings["Architectures"] == ["arm64"]
    version = settings["Runtime"].removeprefix("python").replace(".", "")
    native = [path.name for path in build_dir.rglob("*.so")]
    assert native
    assert all(re.search(rf"\.cpython-{version}-aarch64-", name) for name in native)

    packages = {path.name for path in (build_dir / "DependenciesLayer" / "python").iterdir()}
    assert {"pydantic", "aws_lambda_powertools"} <= packages
    assert "boto3" not in packages  # part of Lambda's Python runtime
    assert (build_dir / "JmpyLayer" / "python" / "jmpy" / "keys" / "token.py").is_file()
    for function in template.resources("AWS::Serverless::Function"):
        assert [path.name for path in (build_dir / function).iterdir()] == ["app.py"]
