"""What the API accepts to create or change a domain."""

from __future__ import annotations

from typing import Annotated, Any, cast

from pydantic import AfterValidator, ConfigDict, Field, StrictBool

from jmpy.campaigns.request_schema import Name
from jmpy.domains import files, subdomain_name
from jmpy.domains.changes import DomainUpdate, NewSubdomain
from jmpy.formats.request_body import RequestBody
from jmpy.links.destination import MAX_LENGTH

Description = Annotated[str, Field(max_length=500)]
Url = Annotated[str, Field(max_length=MAX_LENGTH)]

_ELSEWHERE = {
    **dict.fromkeys(("title", "label"), "name"),
    **dict.fromkeys(("primary", "default", "is_default"), "is_primary"),
    **dict.fromkeys(("base_url_redirect", "root_redirect", "placeholder", "home_url"), "root_url"),
    **dict.fromkeys(("regular_404_redirect", "notFoundUrl", "fallback_url"), "not_found_url"),
    **dict.fromkeys(("expiredUrl", "expired_redirect"), "expired_url"),
}


class CreateSubdomain(RequestBody):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"subdomain": "promo"},
                {"subdomain": "menu", "name": "Menus", "description": "On the tables"},
            ]
        }
    )

    also_called = _ELSEWHERE | dict.fromkeys(("slug", "domain", "host"), "subdomain")

    subdomain: Annotated[str, Field(max_length=255)] = Field(
        description="Letters, digits and `-`, in any case; unique over all accounts",
        json_schema_extra={
            "pattern": subdomain_name.PATTERN,
            "minLength": subdomain_name.SHORTEST,
            "maxLength": subdomain_name.LONGEST,
        },
    )
    name: Name = Field(default="", description="For people; the subdomain if there is none")
    description: Description | None = Field(default=None, description="What it is for")

    def new_subdomain(self) -> NewSubdomain:
        return NewSubdomain(
            subdomain=self.subdomain, name=self.name or None, description=self.description
        )


class PutFile(RequestBody):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "content": {
                        "applinks": {
                            "details": [
                                {
                                    "appIDs": ["ABCDE12345.com.example.app"],
                                    "components": [{"/": "/*"}],
                                }
                            ]
                        }
                    }
                }
            ]
        }
    )

    content: Annotated[dict[str, Any] | list[Any], AfterValidator(files.checked)] = Field(
        description="The file: a JSON object or array of at most 64 KB"
    )


class UpdateDomain(RequestBody):
    """Only the fields that are present are changed; `null` clears a field."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"root_url": "https://www.example.com/", "is_primary": True},
                {"name": "Menus", "not_found_url": None},
            ]
        }
    )

    also_called = _ELSEWHERE

    name: Name = Field(default="", description="For people")
    description: Description | None = Field(default=None, description="What it is for")
    root_url: Url | None = Field(
        default=None, description="Where a request to the domain without a code is redirected to"
    )
    not_found_url: Url | None = Field(
        default=None, description="Where a request to a code that does not exist is redirected to"
    )
    expired_url: Url | None = Field(
        default=None, description="Where a request to an expired short URL is redirected to"
    )
    is_primary: StrictBool = Field(
        default=False,
        description="Whether new short URLs are created on it unless their request says otherwise. "
        "An account has at most one such domain: it takes the place of the previous one",
    )

    def update(self) -> DomainUpdate:
        """The fields that were sent."""
        values = DomainUpdate(
            name=self.name,
            description=self.description,
            root_url=self.root_url,
            not_found_url=self.not_found_url,
            expired_url=self.expired_url,
            is_primary=self.is_primary,
        )
        sent = {name: value for name, value in values.items() if name in self.model_fields_set}
        return cast("DomainUpdate", sent)
