"""What can be wrong with a request about alerts and their settings."""

from jmpy.errors import Conflict, Invalid, NotFound, Throttled


class AlertNotFound(NotFound):
    """The account has no alert with that id, or it has been forgotten."""

    example = ("5f0c2a7b9d1e4c3f8a6b0d2e4f6a8c1e",)

    def __init__(self, alert_id: str) -> None:
        super().__init__(f"There is no alert with the id {alert_id}")


class SettingsChanged(Conflict):
    """Somebody else changed the settings between reading and writing them."""

    def __init__(self) -> None:
        super().__init__("The settings were changed by another request; try again")


class SettingsOutdated(Exception):
    """The settings are no longer those that the form was about."""

    def __init__(self) -> None:
        super().__init__("The settings have changed since you read them; read them again")


class UnusableUrl(Invalid):
    """Not an https URL with a host, or one with a name and password in it."""

    field = "url"

    def __init__(
        self,
        reason: str = "Use an https URL with a host and without a user name or password, such as "
        "https://example.com/jmpy-alerts",
    ) -> None:
        super().__init__(reason)


class WebhookNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("There is no webhook yet; set its URL first")


class TestedJustNow(Throttled):
    """A webhook is tested once in a while: whose host it is, is for its receiver to say."""

    example = (10,)

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"The webhook was tested a moment ago; try again in {retry_after} seconds")
        self.retry_after = retry_after
