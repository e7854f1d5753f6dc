"""UTM parameters as the fields of a request."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints

from jmpy.formats import one_line
from jmpy.formats.request_body import RequestBody
from jmpy.links import utm

_Value = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=utm.MAX_LENGTH),
    AfterValidator(one_line.checked),
    Field(json_schema_extra={"pattern": one_line.PATTERN}),
]


def _of(name: str, example: str) -> Any:
    return Field(
        default=None,
        description=f"Sets `{name}` in destinations; empty removes it, `null` leaves it",
        examples=[example],
    )


class UtmFields(RequestBody):
    """Mixed into the body of whatever sets them."""

    utm_source: _Value | None = _of("utm_source", "newsletter")
    utm_medium: _Value | None = _of("utm_medium", "email")
    utm_campaign: _Value | None = _of("utm_campaign", "autumn")
    utm_term: _Value | None = _of("utm_term", "shoes")
    utm_content: _Value | None = _of("utm_content", "button")

    @classmethod
    def _is_empty(cls, name: str, value: Any) -> bool:
        return name not in utm.NAMES and super()._is_empty(name, value)

    def sent_utm(self) -> dict[str, str | None]:
        """By name; an empty one is to be removed."""
        return {name: getattr(self, name) for name in utm.NAMES if name in self.model_fields_set}

    def set_utm(self) -> dict[str, str]:
        """Without those that are left as they are."""
        return {name: value for name, value in self.sent_utm().items() if value is not None}
