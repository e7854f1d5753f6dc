"""Text in a path."""

from urllib.parse import unquote

from pydantic import AfterValidator

UNESCAPED = AfterValidator(unquote)
"""API Gateway passes what was sent in a path, with its escapes (docs/aws-behaviours.md)."""
