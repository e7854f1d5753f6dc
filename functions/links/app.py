"""The resource `/api/v1/short-urls`."""

import os
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from jmpy import aws
from jmpy.clock import system_clock
from jmpy.http import base_url
from jmpy.http.api import Api
from jmpy.keys.model import Permission
from jmpy.links.model import Link
from jmpy.links.schema import (
    ChangeLink,
    CreateLink,
    DeletedAnswer,
    LinkBody,
    LinkPage,
    LinkPageAnswer,
    Message,
    Pagination,
    Success,
    iso,
    seconds,
)
from jmpy.links.service import LinkService
from jmpy.links.store import LinkStore

api = Api()
handler = api.handle
links = LinkService(LinkStore(aws.dynamodb(), os.environ["LINKS_TABLE"]))

Reference = Annotated[str, Path(alias="id")]


@api.operation("POST", "/api/v1/short-urls", permission=Permission.WRITE, status=201)
def create(body: CreateLink) -> Success[LinkBody]:
    link = links.create(
        _account(),
        url=body.url,
        custom_alias=body.custom_alias,
        name=body.name,
        expires_at=seconds(body.expires_at),
        tracking_enabled=body.tracking_enabled,
    )
    return Success(data=_body(link))


@api.operation("GET", "/api/v1/short-urls", permission=Permission.READ)
def page(
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query()] = None,
) -> LinkPageAnswer:
    found, next_cursor = links.page(_account(), limit, cursor)
    pagination = Pagination(limit=limit, next_cursor=next_cursor)
    data = LinkPage(shortUrls=[_body(link) for link in found], pagination=pagination)
    return LinkPageAnswer(data=data, pagination=pagination)


@api.operation("GET", "/api/v1/short-urls/<id>", permission=Permission.READ)
def get(reference: Reference) -> Success[LinkBody]:
    return Success(data=_body(links.get(_account(), reference)))


@api.operation("PUT", "/api/v1/short-urls/<id>", permission=Permission.WRITE)
def change(reference: Reference, body: ChangeLink) -> Success[LinkBody]:
    return Success(data=_body(links.change(_account(), reference, body.changes())))


@api.operation("DELETE", "/api/v1/short-urls/<id>", permission=Permission.DELETE)
def remove(reference: Reference) -> DeletedAnswer:
    link = links.remove(_account(), reference)
    message = Message(message=f"The short URL {link.short_code} was deleted")
    return DeletedAnswer(data=message, timestamp=iso(int(system_clock())))


def _account() -> str:
    return api.caller.account_id


def _body(link: Link) -> LinkBody:
    return LinkBody.of(link, base_url.of(api.current_event.raw_event))
