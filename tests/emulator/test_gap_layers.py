"""MiniStack unpacks a layer for each process: shown bare, closed adapted.

A failing `..._bare_emulator_lacks_it` is good news: upstream closed the gap, and the adapter
can go.
"""

import io
import json
import time
import zipfile

from tests.emulator.gap_stack import Stack, client

WHERE = (
    "import layered, os\ndef handler(event, context): return os.path.realpath(layered.__file__)\n"
)


def _zip(name: str, content: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, content)
    return packed.getvalue()


def places(stack: Stack) -> list[str]:
    """Where two functions find the same layer."""
    lambdas = client("lambda", stack)
    role = lambdas.get_function_configuration(FunctionName=stack.function)["Role"]
    layer = lambdas.publish_layer_version(
        LayerName="shared", Content={"ZipFile": _zip("python/layered.py", "")}
    )
    found = []
    for number in range(2):
        name = f"layered-{number}-{time.time_ns()}"
        lambdas.create_function(
            FunctionName=name,
            Runtime="python3.13",
            Role=role,
            Handler="app.handler",
            Code={"ZipFile": _zip("app.py", WHERE)},
            Layers=[layer["LayerVersionArn"]],
        )
        found.append(json.loads(lambdas.invoke(FunctionName=name)["Payload"].read()))
    return found


def test_a_layer_is_unpacked_once_bare_emulator_lacks_it(bare: Stack) -> None:
    first, second = places(bare)
    assert first != second


def test_a_layer_is_unpacked_once(adapted: Stack) -> None:
    first, second = places(adapted)
    assert first == second
