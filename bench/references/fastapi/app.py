"""Reference (b): FastAPI, Mangum and boto3, with our routes of links, models and tables.

The domain and the models are ours, so that the two differ in what a team would pick instead: the
framework, the adapter, the SDK. Like ours it counts each request against the daily limit and logs
one line. It knows no permissions, fewer header fields, and fewer error messages.
"""

import json
import logging
import os
import time
from typing import Annotated, Any, Literal

import boto3
from fastapi import Depends, FastAPI, Path, Query, Request, Response
from mangum import Mangum

from jmpy.access.identity import Identity
from jmpy.audit.model import Actor, ActorType, Channel, Origin, Source
from jmpy.audit.store import AuditLog
from jmpy.formats.deleted import DeletedResponse, Message
from jmpy.formats.envelope import Success
from jmpy.formats.time_field import Time
from jmpy.formats.times import iso, seconds
from jmpy.limits.limiter import Limiter
from jmpy.limits.plan import LimitClass, Plans
from jmpy.limits.store import UsageStore
from jmpy.links import listing
from jmpy.links.alias_schema import AliasAvailability
from jmpy.links.changes import LinkChanges
from jmpy.links.model import Link, LinkStatus
from jmpy.links.request_schema import CreateLink, UpdateLink
from jmpy.links.schema import (
    LinkBody,
    LinkList,
    LinkPage,
    LinkPageResponse,
    Pagination,
)
from jmpy.links.service import LinkService
from jmpy.links.store import LinkStore

BASE_URL = "https://go.example.com"
SHORT_URLS = "/api/v1/short-urls"

logger = logging.getLogger()
logger.setLevel("INFO")
dynamodb = boto3.client("dynamodb")
store = LinkStore(dynamodb, os.environ["LINKS_TABLE"])
links = LinkService(store)
changes = LinkChanges(links, store, AuditLog(dynamodb, os.environ["AUDIT_TABLE"]))
usage_store = UsageStore(dynamodb, os.environ["USAGE_TABLE"])
plans = Plans.from_json(os.environ["PLANS"])
limiter = Limiter(usage_store, plans)
app = FastAPI()
Reference = Annotated[str, Path(alias="id")]


def caller(request: Request) -> Identity:
    return Identity.from_event(request.scope["aws.event"])


Caller = Annotated[Identity, Depends(caller)]


def counted(limit: LimitClass) -> Any:
    def consume(who: Caller, response: Response) -> Identity:
        quota = limiter.consume(who.subscriber, limit)
        response.headers["X-RateLimit-Limit"] = str(quota.limit)
        response.headers["X-RateLimit-Remaining"] = str(quota.remaining)
        return who

    return Depends(consume)


Reader = Annotated[Identity, counted(LimitClass.URL_READS)]
Creator = Annotated[Identity, counted(LimitClass.URL_CREATION)]


@app.post(SHORT_URLS, status_code=201)
def create(body: CreateLink, who: Creator) -> Success[LinkBody]:
    return Success(data=_body(links.create(who.account_id, body.new_link())))


@app.get(SHORT_URLS)
def page(  # noqa: PLR0917 - query parameters
    who: Reader,
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    sort: listing.Sort = listing.Sort.CREATED_AT,
    order: Literal["asc", "desc"] = "desc",
    cursor: str | None = None,
    search: Annotated[str | None, Query(max_length=255)] = None,
    status: LinkStatus | None = None,
    campaign_id: Annotated[str | None, Query(max_length=100)] = None,
    source: Annotated[str | None, Query(max_length=50)] = None,
    start_date: Time = None,
    end_date: Time = None,
) -> LinkPageResponse:
    wanted = listing.Filter(
        search=search,
        status=status,
        campaign_id=campaign_id,
        source=source,
        created_from=seconds(start_date),
        created_until=seconds(end_date),
    )
    request = listing.Request(
        page=page,
        limit=limit,
        sort=sort,
        descending=order == "desc",
        filter=wanted,
        cursor=cursor,
    )
    found = links.page(who.account_id, request)
    pagination = Pagination.from_page(found, request)
    data = LinkPage(shortUrls=[_body(link) for link in found.links], pagination=pagination)
    return LinkPageResponse(data=data, pagination=pagination)


@app.get(f"{SHORT_URLS}/check-alias", dependencies=[counted(LimitClass.URL_READS)])
def check_alias(
    alias: Annotated[str, Query(max_length=2048)], who: Reader
) -> Success[AliasAvailability]:
    found = links.availability(who.account_id, alias)
    return Success(data=AliasAvailability.from_availability(found, alias, f"{BASE_URL}/{alias}"))


@app.get(f"{SHORT_URLS}/lookup")
def lookup(url: Annotated[str, Query(max_length=2048)], who: Reader) -> Success[LinkList]:
    found = links.lookup(who.account_id, url)
    return Success(data=LinkList(shortUrls=[_body(link) for link in found]))


@app.get(f"{SHORT_URLS}/{{id}}")
def get(reference: Reference, who: Reader) -> Success[LinkBody]:
    return Success(data=_body(links.get(who.account_id, reference)))


@app.put(f"{SHORT_URLS}/{{id}}")
@app.patch(f"{SHORT_URLS}/{{id}}")
def change(reference: Reference, body: UpdateLink, who: Reader) -> Success[LinkBody]:
    changed = changes.change(who.account_id, reference, body.update(), by=_origin(who))
    return Success(data=_body(changed))


@app.delete(f"{SHORT_URLS}/{{id}}")
def remove(reference: Reference, who: Reader) -> DeletedResponse:
    changes.remove(who.account_id, reference, by=_origin(who))
    message = Message(message=f"The short URL {reference} was deleted")
    return DeletedResponse(data=message, timestamp=iso(int(time.time())))


def _origin(who: Identity) -> Origin:
    return Origin(Actor(ActorType.API_KEY, who.key_id or ""), Source(Channel.API))


def _body(link: Link) -> LinkBody:
    return LinkBody.from_link(link, BASE_URL, time.time())


_adapter = Mangum(app, lifespan="off")


def handler(event: dict[str, Any], context: Any) -> Any:
    response = _adapter(event, context)
    logger.info(json.dumps({"path": event["path"], "status": response["statusCode"]}))
    return response
