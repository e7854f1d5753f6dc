"""What requests about domains say beside their bodies."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from jmpy.formats.path_text import UNESCAPED

DomainId = Annotated[str, Path(alias="id", description="UUID")]
FileName = Annotated[
    str,
    Path(alias="name", description="`apple-app-site-association` or `assetlinks.json`"),
    UNESCAPED,
]
Subdomain = Annotated[str, Path(alias="subdomain", description="The name to check"), UNESCAPED]
Force = Annotated[
    bool, Query(description="Delete it although short URLs are on it; they are deleted with it")
]
Page = Annotated[int, Query(ge=1, le=1_000_000, description="Page number, starting at 1")]
Limit = Annotated[int, Query(ge=1, le=100, description="Domains per page")]
