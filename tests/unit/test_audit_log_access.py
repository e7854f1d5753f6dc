"""Who may do what to the audit log, by template.yaml."""

from __future__ import annotations

from typing import Any

from project import template

TABLE = "AuditTable"


def names_the_table(statement: Any) -> bool:
    return f"'{TABLE}." in str(statement) or f"${{{TABLE}." in str(statement)


def allowed() -> dict[str, set[str]]:
    """Actions on the table, by function."""
    found: dict[str, set[str]] = {}
    for name, function in template.resources("AWS::Serverless::Function").items():
        for policy in function.get("Policies", []):
            for statement in filter(names_the_table, policy["Statement"]):
                actions = statement["Action"]
                found.setdefault(name, set()).update(
                    [actions] if isinstance(actions, str) else actions
                )
    return found


def test_functions_add_entries_or_read_them_and_no_more() -> None:
    assert allowed() == {
        "AlertDeliveryFunction": {"dynamodb:PutItem"},
        "AlertsFunction": {"dynamodb:PutItem"},
        "CampaignsFunction": {"dynamodb:PutItem"},
        "TagsFunction": {"dynamodb:PutItem"},
        "BrandedDomainsFunction": {"dynamodb:PutItem"},
        "DomainChecksFunction": {"dynamodb:PutItem"},
        "DomainsFunction": {"dynamodb:PutItem"},
        "KeyPolicyFunction": {"dynamodb:PutItem"},
        "KeysFunction": {"dynamodb:PutItem"},
        "KeyTokensFunction": {"dynamodb:PutItem"},
        "LinksFunction": {"dynamodb:PutItem"},
        "QrCodesFunction": {"dynamodb:PutItem"},
        "LinkChecksFunction": {"dynamodb:PutItem"},
        "LeakedKeysFunction": {"dynamodb:PutItem"},
        "DashboardFunction": {"dynamodb:PutItem", "dynamodb:Query"},
        "AuditLogFunction": {"dynamodb:Query"},
    }


def test_the_table_refuses_whatever_would_change_or_delete_an_entry() -> None:
    table = template.resources("AWS::DynamoDB::Table")[TABLE]
    (statement,) = table["ResourcePolicy"]["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Principal"]) == ("Deny", "*")
    assert {f"dynamodb:{name}" for name in (
        "UpdateItem", "DeleteItem", "BatchWriteItem", "PartiQLUpdate", "PartiQLDelete",
        "UpdateTimeToLive",
    )} == set(statement["Action"])  # fmt: skip
    assert table["DeletionProtectionEnabled"] is True
    assert "TimeToLiveSpecification" not in table
