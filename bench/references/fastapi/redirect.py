"""Reference (b) of the redirect: FastAPI, Mangum and boto3, with our reads and our click."""

import json
import logging
import os
from typing import Any

import boto3
from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse
from mangum import Mangum

from jmpy.clicks.queue import ClickQueue
from jmpy.gateway import viewer
from jmpy.redirect.click import click
from jmpy.redirect.lookup import RedirectLookup

logger = logging.getLogger()
logger.setLevel("INFO")
lookup = RedirectLookup(
    boto3.client("dynamodb"), os.environ["LINKS_TABLE"], os.environ["SALTS_TABLE"]
)
clicks = ClickQueue(boto3.client("sqs"), os.environ["CLICKS_QUEUE_URL"])
app = FastAPI()


@app.get("/{code}")
def follow(code: str, request: Request) -> RedirectResponse:
    target = lookup.follow(code)
    event = request.scope["aws.event"]
    clicks.send(click(event, code, target, lookup.salt(), viewer.from_event(event)))
    return RedirectResponse(target.url, 301, {"Cache-Control": "private, no-store"})


_adapter = Mangum(app, lifespan="off")


def handler(event: dict[str, Any], context: Any) -> Any:
    response = _adapter(event, context)
    logger.info(json.dumps({"path": event["path"], "status": response["statusCode"]}))
    return response
