"""Any sequence of what may be done with links leaves the table as a plain model has it, also when
the answer to a write gets lost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from jmpy.links.errors import (
    AliasTaken,
    LinkChanged,
    LinkDisabled,
    LinkExpired,
    LinkNotFound,
    NothingToChange,
)
from jmpy.links.listing import Request
from jmpy.links.model import AliasState
from jmpy.links.new_link import NewLink
from jmpy.links.store import LinkStore
from jmpy.links.writes import HELD
from jmpy.redirect.lookup import RedirectLookup
from project.tables import LINKS, SALTS
from tests.conftest import Figures
from tests.integration.conftest import MOTO, Clock, make_tables
from tests.integration.models import steps
from tests.integration.network import Fault, Network, behind
from tests.integration.somebodys_links import SomebodysLinks

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.links.changes import LinkUpdate

OWNERS = st.sampled_from(["acme", "other"])
ALIASES = ("sale", "Sale", "jobs")
FREE = "free-alias"
REFUSALS = (AliasTaken, LinkChanged, LinkNotFound, NothingToChange)
URL = "https://example.com/"


@dataclass(frozen=True)
class Known:
    """What the model knows of a link."""

    id: str
    account: str
    code: str
    url: str
    version: int = 1
    is_disabled: bool = False
    expires_at: float = float("inf")


def machine(client: DynamoDBClient, engine: str) -> type[RuleBasedStateMachine]:
    class Links(RuleBasedStateMachine):
        links = Bundle("links")
        walked = 0

        def __init__(self) -> None:
            super().__init__()
            make_tables(client)
            self.clock = Clock()
            self.store = LinkStore(client, LINKS)
            self.service = SomebodysLinks(self.store, self.clock)
            self.known: dict[str, Known] = {}
            self.held: dict[str, tuple[str, float]] = {}
            """Of codes whose link was deleted or moved: for whom, and until when."""

        def try_(self, lost: bool, work: Any) -> Any:
            """What the service answers or raises; with `lost`, the answer to its first write is."""
            Links.walked += 1
            try:
                if not lost:
                    return work()
                with behind(Network(Fault.LOST, is_write=True, emulates_tokens=engine == MOTO)):
                    return work()
            except REFUSALS as refused:
                return type(refused)

        def is_taken(self, code: str, account: str) -> bool:
            """From the account: by a link, or because it is held for the other one."""
            owner, until = self.held.get(code, (account, 0.0))
            held = owner != account and until > self.clock.time
            return held or code in {link.code for link in self.known.values()}

        def hold(self, known: Known) -> None:
            self.held[known.code] = (known.account, int(self.clock.time) + HELD)

        @rule(
            target=links,
            account=OWNERS,
            alias=st.sampled_from([None, *ALIASES]),
            lifetime=st.sampled_from([None, 100]),
            lost=st.booleans(),
        )
        def create(self, account: str, alias: str | None, lifetime: int | None, lost: bool) -> str:
            expires = None if lifetime is None else int(self.clock.time) + lifetime
            made = self.try_(
                lost,
                lambda: self.service.create(account, NewLink(URL, alias, expires_at=expires)),
            )
            if alias and self.is_taken(alias, account):
                assert made is AliasTaken
                return "none"
            self.held.pop(made.short_code, None)
            self.known[made.id] = Known(
                made.id, account, made.short_code, URL, expires_at=expires or float("inf")
            )
            return str(made.id)

        @rule(
            link=links,
            account=OWNERS,
            changes=st.fixed_dictionaries(
                {},
                optional={
                    "url": st.sampled_from([f"{URL}1", f"{URL}2"]),
                    "custom_alias": st.sampled_from(ALIASES),
                    "disabled": st.booleans(),
                },
            ),
            stale=st.booleans(),
            lost=st.booleans(),
        )
        def change(
            self, link: str, account: str, changes: LinkUpdate, stale: bool, lost: bool
        ) -> None:
            known = self.known.get(link)
            version = (known.version if known else 1) - 1 if stale else None
            made = self.try_(
                lost, lambda: self.service.change(account, link, changes, version=version)
            )
            if not changes:
                assert made is NothingToChange
                return
            alias = changes.get("custom_alias")
            if known is None or known.account != account:
                assert made is LinkNotFound
            elif stale:
                assert made is LinkChanged
            elif alias and alias != known.code and self.is_taken(alias, account):
                assert made is AliasTaken
            else:
                after = replace(
                    known,
                    code=alias or known.code,
                    url=changes.get("url", known.url),
                    is_disabled=changes.get("disabled", known.is_disabled),
                )
                if after.code != known.code:
                    self.hold(known)
                    self.held.pop(after.code, None)
                # What changes nothing writes nothing.
                version = known.version + (after != known)
                self.known[link] = replace(after, version=version)

        @rule(link=links, account=OWNERS, release=st.booleans(), lost=st.booleans())
        def remove(self, link: str, account: str, release: bool, lost: bool) -> None:
            known = self.known.get(link)
            made = self.try_(lost, lambda: self.service.remove(account, link, release=release))
            if known is None or known.account != account:
                assert made is LinkNotFound
            else:
                del self.known[link]
                if not release:
                    self.hold(known)

        @rule(seconds=st.sampled_from([1, 60, HELD]))
        def later(self, seconds: int) -> None:
            self.clock.time += seconds

        @invariant()
        def every_link_is_what_the_model_says(self) -> None:
            for known in self.known.values():
                found = self.service.get(known.account, known.code)
                assert (found.id, found.short_code, found.url, found.version) == (
                    known.id, known.code, known.url, known.version,
                )  # fmt: skip
                assert self.followed(known.code) == self.expected(known)

        def followed(self, code: str) -> str | type[Exception]:
            lookup = RedirectLookup(client, LINKS, SALTS, self.clock)
            try:
                return lookup.follow(code).url
            except (LinkNotFound, LinkDisabled, LinkExpired) as refused:
                return type(refused)

        def expected(self, known: Known) -> str | type[Exception]:
            if known.is_disabled:
                return LinkDisabled
            return LinkExpired if known.expires_at <= self.clock.time else known.url

        @invariant()
        def an_account_lists_and_counts_its_own_links(self) -> None:
            for account in ("acme", "other"):
                own = {link.id for link in self.known.values() if link.account == account}
                page = self.service.page(account, Request(limit=100))
                assert ({link.id for link in page.links}, page.total) == (own, len(own))

        @invariant()
        def what_no_link_holds_is_free_and_leads_nowhere(self) -> None:
            codes = {link.code for link in self.known.values()}
            for alias in (*ALIASES, FREE):
                for account in ("acme", "other"):
                    found = self.service.availability(account, alias).state
                    is_available = found is AliasState.AVAILABLE
                    assert is_available == (not self.is_taken(alias, account))
                assert alias in codes or self.followed(alias) is LinkNotFound

    return Links


def test_links_are_what_a_plain_model_says(
    dynamodb: DynamoDBClient, engine: str, figures: Figures
) -> None:
    links = machine(dynamodb, engine)
    run_state_machine_as_test(links, settings=steps())
    figures("models", steps=links.walked)  # type: ignore[attr-defined]
