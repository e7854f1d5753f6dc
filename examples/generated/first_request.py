"""Create a link and list links, with a client that openapi-python-client generated.
See examples/README.md."""

import os
import sys
from datetime import UTC, datetime, timedelta

from jmpy_client import AuthenticatedClient
from jmpy_client.api.links import create_short_url, list_short_urls
from jmpy_client.models import CreateLink, ErrorResponse

client = AuthenticatedClient(base_url=os.environ["JMPY_BASE_URL"], token=os.environ["JMPY_API_KEY"])

link = CreateLink(
    url="https://example.com/", name="First", expires_at=datetime.now(UTC) + timedelta(days=30)
)
created = create_short_url.sync(client=client, body=link)
if created is None or isinstance(created, ErrorResponse):
    sys.exit(created.error.message if created else "That was no response of Jmpy")
print(f"Created {created.data.short_url}")

page = list_short_urls.sync(client=client, limit=5)
if page is None or isinstance(page, ErrorResponse):
    sys.exit(page.error.message if page else "That was no response of Jmpy")
for listed in page.data.short_urls:
    print(f"{listed.short_code}: {listed.original_url}, {listed.clicks} clicks")
