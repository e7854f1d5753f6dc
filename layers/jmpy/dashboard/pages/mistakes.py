"""All mistakes of a form, to be shown together, each at its field."""

from __future__ import annotations

from contextlib import contextmanager
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from pydantic import ValidationError

from jmpy.dashboard.pages import view_models

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Given = ParamSpec("Given")
Result = TypeVar("Result")


class Mistakes(Exception):
    def __init__(self, errors: dict[str, str]) -> None:
        """`errors`: what is wrong, by the name of the field."""
        super().__init__()
        self.errors = errors


@contextmanager
def validated(prefix: str = "") -> Iterator[None]:
    """Of a model: raises Mistakes. `prefix`: what names of fields in the form start with."""
    try:
        yield
    except ValidationError as invalid:
        errors = view_models.field_errors(invalid)
        raise Mistakes({prefix + name: wrong for name, wrong in errors.items()}) from None


class Findings:
    def __init__(
        self,
        *kinds: type[Exception],
        field: Callable[[Any], str] = attrgetter("field"),
    ) -> None:
        """`kinds`: of exceptions that are about one field, which `field` names."""
        self._kinds = kinds
        self._field = field
        self.errors: dict[str, str] = {}

    def check(
        self, check: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs
    ) -> Result | None:
        """What the check returns; None where it finds something, which is noted."""
        try:
            return check(*args, **kwargs)
        except Mistakes as several:
            self.errors = several.errors | self.errors
        except self._kinds as wrong:
            self.errors.setdefault(self._field(wrong), str(wrong))
        return None

    def raise_any(self) -> None:
        """Raises Mistakes."""
        if self.errors:
            raise Mistakes(self.errors)
