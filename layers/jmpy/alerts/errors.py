"""What can be wrong with a request about alerts and their settings."""

from jmpy.errors import Conflict, NotFound


class AlertNotFound(NotFound):
    """The account has no alert with that id, or it has been forgotten."""

    example = ("5f0c2a7b9d1e4c3f8a6b0d2e4f6a8c1e",)

    def __init__(self, alert_id: str) -> None:
        super().__init__(f"There is no alert with the id {alert_id}")


class SettingsChanged(Conflict):
    """Another request changed the thresholds between reading and writing them."""

    def __init__(self) -> None:
        super().__init__("The settings were changed by another request; try again")


class SettingsOutdated(Exception):
    """The settings are no longer those that the form was about."""

    def __init__(self) -> None:
        super().__init__("The settings have changed since you read them; read them again")
