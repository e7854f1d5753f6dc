"""`sam build` for Lambda, on a machine that has another Python and another processor."""

from __future__ import annotations

from importlib.util import MAGIC_NUMBER, cache_from_source
from pathlib import Path
from typing import TYPE_CHECKING

from local import deploy
from project import template
from project.template import PROJECT

if TYPE_CHECKING:
    from project.stack import Stack

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
    folders = [path for path in (PROJECT / "functions").iterdir() if path.is_dir()]
    sources = [{path.name for path in folder.glob("*.*")} for folder in folders]
    for function in template.resources("AWS::Serverless::Function"):
        files = {path.name for path in (build_dir / function).iterdir()} - {"__pycache__"}
        assert "app.py" in files
        assert any(files == names for names in sources), function
    # Of the runtime's own version, where the machine that builds has one, or none.
    assert {path.suffixes[0] for path in build_dir.rglob("*.pyc")} <= {f".cpython-{version}"}


def _built(stack: Stack) -> Path:
    return stack.local.state_dir / "build"


def test_every_module_carries_bytecode_that_python_takes_as_it_is(stack: Stack) -> None:
    for part in ("JmpyLayer", "AuthorizerFunction", "LinksFunction"):
        sources = list((_built(stack) / part).rglob("*.py"))
        assert sources
        for source in sources:
            head = Path(cache_from_source(str(source))).read_bytes()[:8]
            # PEP 552: based on a hash of the source, which is not to be checked.
            assert head == MAGIC_NUMBER + (1).to_bytes(4, "little"), source


def test_what_loads_with_the_authorizer_is_small(stack: Stack) -> None:
    """At most 6 MB unzipped, bytecode included; the runtime's SDK it does not use."""
    authorizer = template.resources("AWS::Serverless::Function")["AuthorizerFunction"]
    parts = ["AuthorizerFunction", *(layer["Ref"] for layer in authorizer["Layers"])]
    files = [file for part in parts for file in (_built(stack) / part).rglob("*") if file.is_file()]
    assert len(files) > 100
    assert sum(file.stat().st_size for file in files) <= 6_000_000
