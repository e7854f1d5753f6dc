"""`sam build` for Lambda, on a machine that has another Python and another processor."""

from __future__ import annotations

from pathlib import Path

from local import deploy
from tests import template

AARCH64 = 0xB7
"""`e_machine` of an ELF file (System V ABI)."""


def _machine(path: Path) -> int:
    return int.from_bytes(path.read_bytes()[18:20], "little")


def test_the_layers_are_built_for_lambda_and_not_for_this_machine(tmp_path: Path) -> None:
    build_dir = tmp_path / "build"
    deploy.sam(
        "build", "--build-dir", str(build_dir), "--cache-dir", str(tmp_path / "cache"), env={}
    )

    settings = template.load()["Globals"]["Function"]
    assert settings["Architectures"] == ["arm64"]
    version = settings["Runtime"].removeprefix("python").replace(".", "")
    native = list(build_dir.rglob("*.so"))
    assert native
    for path in native:
        assert _machine(path) == AARCH64, path.name
        assert f".cpython-{version}-" in path.name or ".abi3." in path.name

    packages = {path.name for path in (build_dir / "DependenciesLayer" / "python").iterdir()}
    assert {"pydantic", "aws_lambda_powertools"} <= packages
    assert "boto3" not in packages  # part of Lambda's Python runtime
    assert (build_dir / "JmpyLayer" / "python" / "jmpy" / "keys" / "token.py").is_file()
    for function in template.resources("AWS::Serverless::Function"):
        assert [path.name for path in (build_dir / function).iterdir()] == ["app.py"]
