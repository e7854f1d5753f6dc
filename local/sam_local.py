"""`make sam-local`: the API in containers, by `sam local start-api`, on the local stack's data.

Beyond the local stack it shows the functions on Lambda's own Python runtime. Its limitations are in
docs/local.md. The template that it runs is generated here from the built one; template.yaml does
not depend on it.
"""

from __future__ import annotations

import json
import os
import platform
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from local import deploy, invoke
from local.ports import HOST, require_free
from local.relay import relay
from ops import private
from ops.local_credentials import REGION
from ops.stack_env import STATE_DIR, StackEnv

SAM_PYTHON = deploy.TOOLS / "sam" / "bin" / "python"

_FIND_BRIDGE = """
import docker
print(docker.from_env().networks.get("bridge").attrs["IPAM"]["Config"][0]["Gateway"])
"""
_RETAINED = ("CodeUri", "Handler", "Runtime", "Layers", "Timeout", "MemorySize", "Events")
_LAYER = "AWS::Serverless::LayerVersion"
_FUNCTION = "AWS::Serverless::Function"
_MACHINES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}
_AUTHORIZER = "AuthorizerFunction"


class NoContainers(Exception):
    def __init__(self) -> None:
        super().__init__(
            "sam local needs Docker or Podman, and neither responds. With Podman: "
            "'podman system service --time=0 unix:///tmp/podman.sock &' and "
            "'export DOCKER_HOST=unix:///tmp/podman.sock'. Without containers, 'make start' serves "
            "the same API."
        )


def run(env: StackEnv, port: int, *, pull: bool) -> int:
    """Serves until interrupted; returns the exit status of the SAM CLI.

    Raises PortUnusable, NoContainers, DeployFailed, and NoLocalStack if the stack is stopped.
    """
    require_free(port)
    bridge = _bridge()
    base_url = f"http://{HOST}:{port}"
    variables = deployed_variables(env)
    architecture = _MACHINES[platform.machine().lower()]
    print("- Building the functions and layers for containers (sam build) ...", flush=True)
    built = _build(architecture)
    with _reachable(env, bridge) as host, _known_to_the_emulator(host):
        endpoint = f"http://{host}"
        addresses = {env.base_url: base_url, env.endpoint: endpoint}
        aws = {"AWS_ENDPOINT_URL": endpoint, "AWS_REGION": REGION, **env.credentials.environment}
        template = local_template(built, variables, addresses, aws, architecture)
        path = STATE_DIR / "sam-local" / "build" / "sam-local.yaml"
        private.write(path, yaml.safe_dump(template))
        invoke.fill_in(env, STATE_DIR / "sam-local" / "events")
        count = sum(body["Type"] == _FUNCTION for body in template["Resources"].values())
        print(
            f"- Starting {count} containers, one a function; then {base_url} responds", flush=True
        )
        return _sam_local(path, port, responses_of(built), pull=pull)


def local_template(
    built: dict[str, Any],
    variables: dict[str, dict[str, str]],
    addresses: dict[str, str],
    aws: Mapping[str, str],
    architecture: str,
) -> dict[str, Any]:
    """The parts of the built template that `sam local` needs: the API, its functions with the
    environment that they have in the local stack and `aws`, and the layers. `addresses` are
    rewritten in that environment, in this order: a container has other ones."""
    resources = {}
    for name, resource in built["Resources"].items():
        properties = resource["Properties"]
        if resource["Type"] == _LAYER:
            resources[name] = {
                "Type": _LAYER,
                "Properties": properties | {"CompatibleArchitectures": [architecture]},
            }
        elif resource["Type"] == _FUNCTION and (name == _AUTHORIZER or _is_of_the_api(properties)):
            own = {n: _rewritten(v, addresses) for n, v in variables[name].items()}
            retained = {key: properties[key] for key in _RETAINED if key in properties}
            retained |= {
                "Architectures": [architecture],
                "Environment": {"Variables": {**own, **aws}},
            }
            resources[name] = {"Type": _FUNCTION, "Properties": retained}
    api = built["Resources"]["Api"]["Properties"]
    resources["Api"] = {
        "Type": "AWS::Serverless::Api",
        "Properties": {key: api[key] for key in ("StageName", "Auth")},
    }
    shared = built["Globals"]["Function"]
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Transform": built["Transform"],
        "Globals": {"Function": {key: shared[key] for key in _RETAINED if key in shared}},
        "Resources": resources,
    }


def _is_of_the_api(properties: dict[str, Any]) -> bool:
    return any(event["Type"] == "Api" for event in properties.get("Events", {}).values())


def _rewritten(value: str, addresses: dict[str, str]) -> str:
    for old, new in addresses.items():
        # One port may begin with the digits of the other.
        value = re.sub(rf"{re.escape(old)}(?![0-9])", new, value)
    return value


def responses_of(built: dict[str, Any]) -> dict[str, Any]:
    """The template's gateway responses."""
    responses: dict[str, Any] = built["Resources"]["Api"]["Properties"]["GatewayResponses"]
    return responses


def deployed_variables(env: StackEnv) -> dict[str, dict[str, str]]:
    """The environment of each function of the local stack, by logical id. Raises NoLocalStack."""
    target = env.deployment()
    session, endpoint = target.session, target.endpoint
    stack = session.client("cloudformation", endpoint_url=endpoint)
    functions = session.client("lambda", endpoint_url=endpoint)
    found = stack.describe_stack_resources(StackName=target.id)["StackResources"]
    return {
        resource["LogicalResourceId"]: dict(
            functions.get_function_configuration(FunctionName=resource["PhysicalResourceId"])
            .get("Environment", {})
            .get("Variables", {})
        )
        for resource in found
        if resource["ResourceType"] == "AWS::Lambda::Function"
    }


def _bridge() -> str:
    """The address by which containers reach this machine. Raises NoContainers."""
    done = subprocess.run(
        [str(SAM_PYTHON), "-c", _FIND_BRIDGE], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise NoContainers
    return done.stdout.strip()


@contextmanager
def _reachable(env: StackEnv, bridge: str) -> Iterator[str]:
    """The emulator's host and port as containers see them. It listens on loopback only: on Linux a
    relay listens on the engine's bridge, and nowhere else; elsewhere the engine has a name for it.
    """
    port = env.emulator_port
    if sys.platform != "linux":
        yield f"host.docker.internal:{port}"
        return
    with relay(bridge, (HOST, port)) as relayed:
        yield f"{bridge}:{relayed}"


@contextmanager
def _known_to_the_emulator(host: str) -> Iterator[None]:
    """It accepts requests only under the names of loopback, and those in this file."""
    path = STATE_DIR / "hosts"
    private.write(path, host)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def _build(architecture: str) -> dict[str, Any]:
    directory = STATE_DIR / "sam-local"
    deploy.sam(
        "build", "--build-dir", str(directory / "build"), "--cache-dir", str(directory / "cache"),
        env={"JMPY_BUILD_FOR": architecture},
    )  # fmt: skip
    text = (directory / "build" / "template.yaml").read_text(encoding="utf-8")
    built: dict[str, Any] = yaml.safe_load(text)
    return built


def _sam_local(template: Path, port: int, responses: dict[str, Any], *, pull: bool) -> int:
    # Without the caller's AWS settings, with which the CLI would query AWS for the identity.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    command: list[str | Path] = [
        SAM_PYTHON, "-m", "local.sam_gateway", "local", "start-api",
        "--template", template, "--port", str(port), "--region", REGION,
        "--warm-containers", "EAGER", "--no-watch",
        *([] if pull else ["--skip-pull-image"]),
    ]  # fmt: skip
    child = subprocess.Popen(
        command,
        cwd=deploy.PROJECT,
        env={
            **inherited,
            "SAM_CLI_TELEMETRY": "0",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "GATEWAY_RESPONSES": json.dumps(responses),
            "JMPY_ORIGINS": str(STATE_DIR / "origins"),
            "PYTHONPATH": str(deploy.PROJECT),
        },
    )
    ended = False

    def end(signum: int, _frame: object) -> None:
        nonlocal ended
        ended = True
        # The CLI removes its containers. A terminal has interrupted it as well.
        if signum == signal.SIGTERM:
            child.terminate()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    status = child.wait()
    return 0 if ended else status
