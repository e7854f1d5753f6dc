"""`make audit`, and whom the log names when operators change something."""

from __future__ import annotations

import getpass
import re
from typing import TYPE_CHECKING

import boto3
import pytest

from jmpy.audit.model import Actor, ActorType, Channel, Origin, Source
from jmpy.links.new_link import NewLink
from jmpy.links.store import LinkStore
from ops import audit, command
from ops import link as link_command
from ops.deployment import Deployment
from project.origins import SOMEBODY
from project.tables import ACCOUNTS, AUDIT, LINKS
from tests.integration.somebodys_links import SomebodysLinks

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.model import Account
    from jmpy.keys.service import KeyService

OUTPUTS = {"AccountsTable": ACCOUNTS, "AuditTable": AUDIT, "LinksTable": LINKS}


@pytest.fixture
def target(dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch) -> Deployment:
    target = Deployment("stack-1", OUTPUTS, boto3.Session(), None)
    monkeypatch.setattr(command, "find_deployment", lambda _stack: target)
    return target


def run(*arguments: str) -> int:
    return audit.main(["list", "--stack", "jmpy", "--account", "acme", *arguments])


def test_on_aws_an_operator_is_the_iam_identity(target: Deployment) -> None:
    arn = target.session.client("sts").get_caller_identity()["Arn"]
    name = re.split("[/:]", arn)[-1]
    assert target.operator == Origin(Actor(ActorType.OPERATOR, arn, name), Source(Channel.MAKE))


def test_on_the_local_stack_an_operator_is_the_user_of_the_machine() -> None:
    local = Deployment("stack-1", OUTPUTS, boto3.Session(), "http://127.0.0.1:4566")
    who = getpass.getuser()
    assert local.operator == Origin(Actor(ActorType.OPERATOR, who, who), Source(Channel.MAKE))


def test_changes_are_printed_one_a_line_the_latest_first(
    target: Deployment, account: Account, service: KeyService, capsys: pytest.CaptureFixture[str]
) -> None:
    key = service.create("acme", "one", ["read"], by=SOMEBODY).record
    target.keys.revoke("acme", key.id, by=target.operator)
    assert run("--key", key.id) == 0
    printed = capsys.readouterr()
    revoked, created = sorted(printed.out.splitlines(), key=lambda line: "created" in line)
    operator = target.operator.actor
    assert revoked.split("  ")[1:] == [
        "api_key.revoked",
        f"{key.id} (one)",
        f"by operator {operator.id} ({operator.name})",
        "from make",
        'status: "active" -> "revoked"',
    ]
    assert "  by user acme (somebody@example.com)  from dashboard 192.0.2.1 request-1" in created
    assert '  name: - -> "one"  permissions: - -> ["read"]' in created
    assert printed.err == ""
    assert run("--action", "api_key.created", "--limit", "1", "--since", "2027-01-01") == 0
    assert capsys.readouterr().out.splitlines() == [created]
    assert run("--limit", "1") == 0
    assert "There are more" in capsys.readouterr().err
    assert run("--until", "2020-01-01T00:00:00Z") == 0
    printed = capsys.readouterr()
    assert (printed.out, "No such changes" in printed.err) == ("", True)


@pytest.mark.parametrize(
    ("wrong", "stated"),
    [
        (("--since", "yesterday"), "ISO 8601"),
        (("--action", "revoked"), "api_key.revoked"),
        (("--limit", "0"), "1 to 10000"),
    ],
)
def test_a_wrong_option_is_explained(
    wrong: tuple[str, str], stated: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(*wrong)
    assert ended.value.code == 2
    assert stated in capsys.readouterr().err


def test_the_history_of_a_link_is_found_by_its_id_and_by_its_code(
    target: Deployment,
    account: Account,
    dynamodb: DynamoDBClient,
    capsys: pytest.CaptureFixture[str],
) -> None:
    links = SomebodysLinks(LinkStore(dynamodb, LINKS))
    link = links.create("acme", NewLink("https://example.com/", "sale"))
    links.create("acme", NewLink("https://example.com/", "other"))
    links.change("acme", "sale", {"url": "https://evil.example/"})
    links.change("acme", "other", {"url": "https://else.example/"})
    links.remove("acme", "sale")
    for reference in (link.id, "sale"):
        assert run("--link", reference) == 0
        printed = capsys.readouterr().out
        assert 'url: "https://example.com/" -> "https://evil.example/"' in printed
        assert "link.deleted" in printed
        assert "else.example" not in printed
    assert run("--by", SOMEBODY.actor.id, "--action", "link.deleted") == 0
    assert link.id in capsys.readouterr().out
    assert run("--by", "another") == 0
    assert "No such changes" in capsys.readouterr().err


def test_operators_list_and_release_held_aliases(
    target: Deployment,
    account: Account,
    dynamodb: DynamoDBClient,
    capsys: pytest.CaptureFixture[str],
) -> None:
    links = SomebodysLinks(LinkStore(dynamodb, LINKS))
    links.remove("acme", links.create("acme", NewLink("https://example.com/", "sale")).id)

    def run_link(*arguments: str) -> int:
        return link_command.main(
            [arguments[0], "--stack", "jmpy", "--account", "acme", *arguments[1:]]
        )

    assert run_link("held") == 0
    assert capsys.readouterr().out.startswith("sale  until ")
    assert run_link("release", "sale") == 0
    assert "Released 'sale'" in capsys.readouterr().out
    assert run_link("release", "sale") == 1
    assert "error: No such alias" in capsys.readouterr().err
    assert links.create("other", NewLink("https://example.com/", "sale")).short_code == "sale"
