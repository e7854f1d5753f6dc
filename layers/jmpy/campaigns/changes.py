"""Creates, changes and deletes campaigns. Each change is written together with its entry of the
audit log."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypedDict

from jmpy.audit.model import Action, Change, Entry, differences, entry_at
from jmpy.campaigns.errors import (
    CampaignChanged,
    CampaignConflict,
    CampaignNameTaken,
    EndsBeforeStart,
    NothingToChangeOfCampaign,
)
from jmpy.campaigns.model import Campaign
from jmpy.campaigns.store import NameTaken, StaleCampaign
from jmpy.clock import system_clock
from jmpy.links import utm
from jmpy.retry import CONTENTION
from jmpy.uuid7 import uuid7

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jmpy.audit.model import Origin
    from jmpy.audit.store import AuditLog
    from jmpy.campaigns.store import CampaignStore
    from jmpy.clock import Clock
    from jmpy.transaction import TransactionItem


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCampaign:
    """As requested: its texts have the form that the schema demands. Times in seconds since the
    Unix epoch."""

    name: str
    description: str | None = None
    start_date: int | None = None
    end_date: int | None = None
    tags: tuple[str, ...] = ()
    utm: dict[str, str] = field(default_factory=dict)
    """By name; an empty one is to be removed from destinations."""


class CampaignUpdate(TypedDict, total=False):
    """What to change; what is absent stays, and None clears a field."""

    name: str
    description: str | None
    start_date: int | None
    end_date: int | None
    tags: tuple[str, ...]
    utm: Mapping[str, str | None]
    """By name, those to change; None leaves what destinations have."""
    archived: bool


class CampaignChanges:
    def __init__(self, store: CampaignStore, audit: AuditLog, now: Clock = system_clock) -> None:
        self._store = store
        self._audit = audit
        self._now = now

    def create(
        self,
        account_id: str,
        new: NewCampaign,
        *,
        by: Origin,
        also: Callable[[Campaign], Sequence[TransactionItem]] = lambda _campaign: (),
    ) -> Campaign:
        """What `also` returns is written in the same transaction.

        Raises EndsBeforeStart, CampaignNameTaken, RecordRejected.
        """
        now = self._now()
        campaign = Campaign(
            id=uuid7(now),
            account_id=account_id,
            name=new.name,
            created_at=int(now),
            updated_at=int(now),
            description=new.description,
            start_date=new.start_date,
            end_date=new.end_date,
            tags=new.tags,
            utm=new.utm,
        )
        _check_dates(campaign)
        entry = self._entry(Action.CAMPAIGN_CREATED, None, campaign, by)
        try:
            self._audit.commit(partial(self._store.add, campaign, *also(campaign)), entry)
        except NameTaken:
            raise CampaignNameTaken(new.name) from None
        return campaign

    def change(
        self,
        account_id: str,
        reference: str,
        update: CampaignUpdate,
        *,
        by: Origin,
        version: int | None = None,
        also: Sequence[TransactionItem] = (),
    ) -> Campaign:
        """Without `version`, a lost race is retried on what the other request left; with it, the
        campaign has to be that version. What changes nothing writes nothing; `also` is written in
        the same transaction as a change.

        Raises CampaignNotFound, NothingToChangeOfCampaign, EndsBeforeStart, CampaignNameTaken,
        CampaignChanged, CampaignConflict.
        """
        if not update:
            raise NothingToChangeOfCampaign
        for _ in CONTENTION.numbers():
            campaign = self._read(account_id, reference, version)
            wanted: dict[str, Any] = {**update}
            if "utm" in update:
                template = {**campaign.utm, **update["utm"]}
                wanted["utm"] = {n: value for n, value in template.items() if value is not None}
            changes = {name: new for name, new in wanted.items() if getattr(campaign, name) != new}
            if not changes:
                return campaign
            changes["updated_at"] = int(self._now())
            changed = replace(campaign, **changes)
            _check_dates(changed)
            entry = self._entry(Action.CAMPAIGN_CHANGED, campaign, changed, by)
            try:
                return self._audit.commit(
                    partial(self._store.change, campaign, changes, *also), entry
                )
            except NameTaken:
                raise CampaignNameTaken(changed.name) from None
            except StaleCampaign:
                continue
        raise CampaignConflict

    def remove(
        self,
        account_id: str,
        reference: str,
        *,
        by: Origin,
        version: int | None = None,
        force: bool = False,
        also: Sequence[TransactionItem] = (),
    ) -> Campaign:
        """`force`: also one with links, which remain, without a campaign. `also` is written in the
        same transaction.

        Raises CampaignNotFound, CampaignHasLinks, CampaignChanged, CampaignConflict.
        """
        for _ in CONTENTION.numbers():
            campaign = self._read(account_id, reference, version)
            entry = self._entry(Action.CAMPAIGN_DELETED, campaign, None, by)
            remove = partial(self._store.remove, campaign, *also, only_without_links=not force)
            try:
                self._audit.commit(remove, entry)
            except StaleCampaign:
                continue
            return campaign
        raise CampaignConflict

    def _read(self, account_id: str, reference: str, version: int | None) -> Campaign:
        campaign = self._store.find(account_id, reference)
        if version is not None and campaign.version != version:
            raise CampaignChanged
        return campaign

    def _entry(
        self, action: Action, before: Campaign | None, after: Campaign | None, by: Origin
    ) -> Entry:
        campaign = before or after
        assert campaign is not None
        return entry_at(
            self._now(),
            campaign.account_id,
            action,
            by,
            target_id=campaign.id,
            target_name=campaign.name,
            changes=_differences(before, after),
        )


def _check_dates(campaign: Campaign) -> None:
    """Raises EndsBeforeStart."""
    start, end = campaign.start_date, campaign.end_date
    if start is not None and end is not None and end < start:
        raise EndsBeforeStart(start, end)


def _differences(before: Campaign | None, after: Campaign | None) -> dict[str, Change]:
    """Of one that is created or deleted, what is set."""
    if before is not None and after is not None:
        return differences(_audited(before), _audited(after))
    was, becomes = (
        {name: value for name, value in _audited(one).items() if value not in (None, [], False)}
        if one
        else {}
        for one in (before, after)
    )
    return differences(was, becomes)


def _audited(campaign: Campaign) -> dict[str, Any]:
    """All that its owner sets."""
    return {
        "name": campaign.name,
        "description": campaign.description,
        "start_date": campaign.start_date,
        "end_date": campaign.end_date,
        "tags": list(campaign.tags),
        **{name: campaign.utm.get(name) for name in utm.NAMES},
        "archived": campaign.archived,
    }
