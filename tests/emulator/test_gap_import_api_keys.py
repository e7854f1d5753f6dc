"""MiniStack takes an import of API keys for the creation of one: shown bare, closed adapted.

A failing `..._bare_emulator_lacks_it` is good news: upstream closed the gap, and the adapter
can go.
"""

from http import HTTPStatus

from tests.emulator.gap_stack import Stack, client

KEY = "imported0123456789abcdef"
OTHER = "imported9876543210abcdef"


def imported(stack: Stack, *rows: tuple[str, str, str]) -> list[str]:
    """The warnings."""
    text = "name,key,description,enabled,usageplanIds\n"
    text += "".join(f"{name},{key},Imported,true,{plan}\n" for name, key, plan in rows)
    response = client("apigateway", stack).import_api_keys(
        body=text.encode(), format="csv", failOnWarnings=False
    )
    return [*response.get("warnings", [])]


def keys(stack: Stack) -> dict[str, str]:
    """Names by value."""
    found = client("apigateway", stack).get_api_keys(includeValues=True, limit=500)
    return {key["value"]: key["name"] for key in found["items"]}


def plan_of(stack: Stack) -> str:
    plans = client("apigateway", stack).get_usage_plans()["items"]
    return next(str(plan["id"]) for plan in plans if stack.api_id in str(plan["apiStages"]))


def test_an_import_bare_emulator_lacks_it(bare: Stack) -> None:
    imported(bare, ("first", KEY, plan_of(bare)))
    assert KEY not in keys(bare)


def test_an_import_adapted(adapted: Stack) -> None:
    plan = plan_of(adapted)
    assert imported(adapted, ("first", KEY, plan), ("second", OTHER, plan)) == []
    assert adapted.get("/planned", Authorization=f"Allow {KEY}").status == HTTPStatus.OK
    # The same value again is the same key.
    assert imported(adapted, ("renamed", KEY, plan)) == []
    found = keys(adapted)
    assert (found[KEY], found[OTHER]) == ("renamed", "second")


def test_what_cannot_be_imported_is_skipped_adapted(adapted: Stack) -> None:
    short, nowhere = ("short", "short", plan_of(adapted)), ("nowhere", f"{KEY}x", "no-plan")
    assert len(imported(adapted, short, nowhere)) == 2
    assert not {"short", f"{KEY}x"} & keys(adapted).keys()
