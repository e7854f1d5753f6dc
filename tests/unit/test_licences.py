from email.message import Message

import pytest

from ops import licences


def test_the_page_lists_what_the_layer_holds() -> None:
    assert licences.PAGE.read_text() == licences.page(), "run: make licences"


def test_every_package_of_the_layer_has_a_licence_that_we_may_ship() -> None:
    assert len(licences.packages()) > 10
    for package in licences.packages():
        assert licences.licence_of(package)


@pytest.mark.parametrize(
    "stated", ["GPL-3.0-only", "AGPL-3.0", "", "Proprietary", "MIT AND GPL-3.0"]
)
def test_another_licence_is_detected(monkeypatch: pytest.MonkeyPatch, stated: str) -> None:
    about = Message()
    about["License-Expression"] = stated
    monkeypatch.setattr(licences, "metadata", lambda _package: about)
    with pytest.raises(licences.UnknownLicence):
        licences.licence_of("something")


def test_one_of_two_licences_may_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    about = Message()
    about["License-Expression"] = "GPL-3.0-only OR MIT"
    monkeypatch.setattr(licences, "metadata", lambda _package: about)
    assert licences.licence_of("something") == "GPL-3.0-only OR MIT"
