"""What can be wrong with a request about a campaign.

`field` names the field of the request that has to change.
"""

from jmpy.errors import Conflict, Invalid, Malformed, NotFound, PreconditionFailed
from jmpy.formats.times import iso


class CampaignNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("No such campaign")


class CampaignNameTaken(Conflict):
    """Another campaign of the account has the name, perhaps in other case."""

    code = "CAMPAIGN_NAME_TAKEN"
    field = "name"
    example = ("Autumn 2026",)

    def __init__(self, name: str) -> None:
        super().__init__(f"You already have a campaign with the name {name!r}; choose another")


class CampaignHasLinks(Conflict):
    """It is to be deleted, and its links are not to lose it silently."""

    code = "CAMPAIGN_HAS_LINKS"
    example = (12,)

    def __init__(self, links: int) -> None:
        super().__init__(
            f"The campaign has {links:,} short URLs; remove them from it first, or send "
            "force=true, which deletes the campaign and none of them"
        )


class CampaignChanged(PreconditionFailed):
    """The campaign is no longer the version that the request was made for."""

    def __init__(self) -> None:
        super().__init__("The campaign has changed since you read it; read it again")


class CampaignConflict(Conflict):
    """Others kept changing the campaign while this request tried to."""

    def __init__(self) -> None:
        super().__init__("The campaign was changed by another request; read it and try again")


class NothingToChangeOfCampaign(Invalid):
    def __init__(self) -> None:
        super().__init__("Send at least one field to change; to read the campaign, send GET")


class EndsBeforeStart(Invalid):
    field = "end_date"
    example = (1_893_456_000, 1_893_452_400)

    def __init__(self, start: int, end: int) -> None:
        super().__init__(f"The campaign would end at {iso(end)}, before it starts at {iso(start)}")


class CampaignPageTooDeep(Malformed):
    example = (10_000,)

    def __init__(self, most: int) -> None:
        super().__init__(f"Pages reach back to the newest {most:,} campaigns")
