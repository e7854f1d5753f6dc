"""What can be wrong with a request about a webhook."""

from jmpy.errors import Conflict, Invalid, NotFound, Throttled


class WebhookChanged(Conflict):
    """Another request changed the webhook between reading and writing it."""

    def __init__(self) -> None:
        super().__init__("The webhook was changed by another request; try again")


class WebhookOutdated(Exception):
    """The webhook is no longer the one that the form was about."""

    def __init__(self) -> None:
        super().__init__("The webhook has changed since you read it; read it again")


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


class WebhookTestThrottled(Throttled):
    """Tests of a webhook have a pause between them: its host may be somebody else's."""

    example = (10,)

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"The webhook was tested a moment ago; try again in {retry_after} seconds")
        self.retry_after = retry_after
