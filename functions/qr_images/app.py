"""`/_/qr/<id>.svg`: the public images of QR codes.

An SVG, since API Gateway sends text as it is; responses of the API contain the other formats. It is
drawn for each request: nothing is stored that can be drawn again. What it contains never changes,
and how it looks rarely does, so browsers and CDNs store it for a day.
"""

import jmpy.startup  # noqa: F401 - first, see there

# isort: split
import re
from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools import Logger

from jmpy.aws import clients
from jmpy.gateway import viewer
from jmpy.http import cacheable, errors
from jmpy.http.errors import ApiError
from jmpy.qr import drawing
from jmpy.qr.drawing import ImageFormat
from jmpy.qr.errors import QrCodeNotFound
from jmpy.qr.store import QrImageStore
from jmpy.settings import FunctionSettings, ReadTable

_FILE = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.svg")

_METHODS = ["GET", "HEAD"]

HEADERS = {
    "Content-Type": f"{ImageFormat.SVG.media_type}; charset=utf-8",
    "Cache-Control": cacheable.DAILY,
    # Opened by itself, it can load and run nothing.
    "Content-Security-Policy": "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
    "sandbox",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    # Any page may show it.
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


@dataclass(frozen=True)
class Settings(FunctionSettings):
    links_table: ReadTable


settings = Settings.from_environment()
logger = Logger()
images = QrImageStore(clients.dynamodb(), settings.links_table)


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    request_id = event["requestContext"]["requestId"]
    try:
        response = _image(event)
    except Exception as error:
        api_error = errors.from_exception(error)
        if api_error.is_fault:
            logger.exception(api_error.code, request_id=request_id)
        response = _failed(api_error)
    response["headers"]["X-Request-Id"] = request_id
    logger.info("image", request_id=request_id, status=response["statusCode"])
    return response


def _image(event: dict[str, Any]) -> dict[str, Any]:
    """Raises EdgeRequired, OtherHost, QrCodeNotFound."""
    viewer.admit(event)
    if event["httpMethod"] not in _METHODS:
        return _failed(errors.method_not_allowed(_METHODS))
    named = _FILE.fullmatch((event.get("pathParameters") or {}).get("file") or "")
    image = images.image(named[1]) if named else None
    if image is None:
        raise QrCodeNotFound
    tag = f'W/"{drawing.fingerprint(image.payload, image.look, ImageFormat.SVG, image.logo)}"'
    headers = HEADERS | {"ETag": tag}
    sent = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    if cacheable.is_stored(sent.get("if-none-match") or "", tag):
        return {"statusCode": 304, "headers": headers, "body": ""}
    svg = drawing.drawn(image, ImageFormat.SVG).data.decode()
    return {"statusCode": 200, "headers": headers, "body": svg}


def _failed(error: ApiError) -> dict[str, Any]:
    headers = {"Content-Type": "application/json", "Cache-Control": "no-store", **error.headers}
    return {"statusCode": error.status, "headers": headers, "body": error.to_json()}
