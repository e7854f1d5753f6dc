"""Reference (c): the shape of AWS's samples: Powertools with Logger, Metrics and Tracer, and a
table of boto3.resource."""

import os
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.metrics import MetricUnit

logger = Logger(service="samples")
metrics = Metrics(namespace="samples", service="samples")
tracer = Tracer(service="samples")
app = APIGatewayRestResolver()
table = boto3.resource("dynamodb").Table(os.environ["LINKS_TABLE"])


@app.get("/<code>")
@tracer.capture_method
def follow(code: str) -> dict[str, Any]:
    item: Any = table.get_item(Key={"pk": f"code#{code}", "sk": "code"})["Item"]
    metrics.add_metric(name="Redirects", unit=MetricUnit.Count, value=1)
    return {"url": item["url"]}


@logger.inject_lambda_context
@tracer.capture_lambda_handler
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return app.resolve(event, context)
