"""The resource `/api/v1/tags`."""

import jmpy.startup  # noqa: F401 - first, see there

# isort: split
from dataclasses import dataclass
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path

from jmpy.access.permission import Permission
from jmpy.audit.store import AuditLog
from jmpy.aws import clients
from jmpy.aws.operations import DynamoDBOperations
from jmpy.formats.envelope import Success
from jmpy.formats.path_text import UNESCAPED
from jmpy.http.operation import WITH_BODY, operation
from jmpy.http.resource import Resource, ResourceSettings
from jmpy.limits.plan import LimitClass
from jmpy.links.store import LinkStore
from jmpy.settings import ReadWriteTable, WriteTable
from jmpy.tags.errors import TagNotFound
from jmpy.tags.schema import RenameTag, TagList, TagProgress
from jmpy.tags.service import Tags

TAGS = "/api/v1/tags"
ONE = f"{TAGS}/<id>"

Name = Annotated[str, Path(alias="id", description="The tag, URL-encoded, in any case"), UNESCAPED]


@dataclass(frozen=True)
class Settings(ResourceSettings):
    links_table: ReadWriteTable
    usage_table: ReadWriteTable
    audit_table: WriteTable


class TagsApi(Resource):
    tag = "Tags"
    description = "The tags of your short URLs. A tag exists as long as a short URL has it."

    def __init__(self, settings: Settings, dynamodb: DynamoDBOperations) -> None:
        super().__init__(settings, dynamodb)
        audit = AuditLog(dynamodb, settings.audit_table)
        self.tags = Tags(LinkStore(dynamodb, settings.links_table), audit)

    @operation(
        "GET",
        TAGS,
        permission=Permission.READ,
        limit=LimitClass.URL_READS,
        summary="List tags",
    )
    def list_tags(self) -> TagList:
        """The most frequent first. Tags that differ only in case are one."""
        return TagList.from_counts(self.tags.counted(self.account_id))

    @operation(
        "PATCH",
        ONE,
        permission=Permission.WRITE,
        limit=LimitClass.URL_READS,
        summary="Rename a tag",
        errors=(*WITH_BODY, TagNotFound),
    )
    def rename_tag(self, name: Name, body: RenameTag) -> Success[TagProgress]:
        """In all short URLs that have it, 100 for each request: send it again until `remaining` is
        0. If another tag has the new name, the two become one, which cannot be undone. The audit
        log records each short URL's previous tags."""
        progress = self.tags.replace(self.account_id, name, body.name, by=self.origin)
        return Success(data=TagProgress.from_progress(progress))

    @operation(
        "DELETE",
        ONE,
        permission=Permission.WRITE,
        limit=LimitClass.URL_READS,
        summary="Remove a tag",
        errors=(TagNotFound,),
    )
    def remove_tag(self, name: Name) -> Success[TagProgress]:
        """From all short URLs that have it, 100 for each request: send it again until `remaining`
        is 0. No short URL is deleted. The audit log records each short URL's previous tags."""
        progress = self.tags.replace(self.account_id, name, None, by=self.origin)
        return Success(data=TagProgress.from_progress(progress))


dynamodb = clients.dynamodb()
resource = TagsApi(Settings.from_environment(), dynamodb)
handler = resource.handle
