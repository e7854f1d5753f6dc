"""Write the access log that a stage's `AccessLogSetting` defines.

MiniStack drops the setting and writes nothing; AWS writes one line per request, denied ones
included, to the log group (API Gateway developer guide, "Set up CloudWatch logging for REST APIs
in API Gateway"). It must never fail a request: a missing log group loses the line, as on AWS.

Tests: tests/emulator/test_gap_access_log.py.
"""

import hashlib
import time
from collections.abc import Callable
from typing import Any

from ministack.services import apigateway_v1 as apigw
from ministack.services import cloudwatch_logs
from ministack.services.cloudformation import provisioners

from local.emulator.adapters.access_log_format import render
from local.emulator.adapters.request_context import on_response
from local.emulator.execution import Execution, Response


def apply() -> None:
    """Retain the setting of a stage and log every request that reaches it."""
    handlers = provisioners._RESOURCE_HANDLERS["AWS::ApiGateway::Stage"]
    create, update = handlers["create"], handlers["update"]

    def create_stage(logical_id: str, props: dict[str, Any], *rest: Any) -> Any:
        return _with_setting(lambda: create(logical_id, props, *rest), props)

    def update_stage(stage: str, old: dict[str, Any], new: dict[str, Any], *rest: Any) -> Any:
        return _with_setting(lambda: update(stage, old, new, *rest), new)

    handlers["create"], handlers["update"] = create_stage, update_stage
    on_response(_log)


def _with_setting(provision: Callable[[], Any], props: dict[str, Any]) -> Any:
    outcome = provision()
    stage = apigw._stages_v1.get(props.get("RestApiId"), {}).get(props.get("StageName"))
    if stage is not None:
        setting = props.get("AccessLogSetting") or {}
        stage["accessLogSettings"] = {
            name: setting[prop]
            for name, prop in (("destinationArn", "DestinationArn"), ("format", "Format"))
            if prop in setting
        }
    return outcome


def _log(running: Execution, response: Response) -> None:
    stage = apigw._stages_v1.get(running.api_id, {}).get(running.stage_name) or {}
    setting = stage.get("accessLogSettings") or {}
    destination, template = setting.get("destinationArn", ""), setting.get("format")
    if ":log-group:" not in destination or not template:
        return
    now = time.time()
    # `Fn::GetAtt` of a log group ends in ":*", which is not part of its name.
    group = destination.split(":log-group:", 1)[1].removesuffix(":*")
    # AWS names the streams by a hash; one per stage preserves the order of the lines.
    name = f"{running.api_id}/{running.stage_name}".encode()
    stream = hashlib.md5(name, usedforsecurity=False).hexdigest()
    target = {"logGroupName": group, "logStreamName": stream}
    line = render(template, running, response, round((now - running.started) * 1000))
    # Rejected if it exists already, which is every time but the first.
    cloudwatch_logs._create_log_stream(target)
    cloudwatch_logs._put_log_events(
        {**target, "logEvents": [{"timestamp": int(now * 1000), "message": line}]}
    )
