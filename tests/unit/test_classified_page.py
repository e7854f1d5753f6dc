"""docs/clicks.md says what was measured last, and that was good enough."""

import json

from bench.agents import measure, page


def test_the_tables_are_those_of_the_results() -> None:
    text = page.PAGE.read_text()
    assert text == page.made(text), "run: python -m bench.agents"


def test_every_target_was_met_on_every_set_of_fixtures() -> None:
    result = json.loads(page.RESULTS.read_text())
    tables = {name: result[name] for name in ("agents", "devices", "sources")}
    assert len(result["fixtures"]) == 5
    assert {len(rows) > 2 for rows in tables.values()} == {True}
    assert measure.missed(tables) == []
    for row in tables["agents"]:
        people, bots = measure.PEOPLE_AS_BOTS, measure.BOTS_AS_PEOPLE
        assert row["target"] == (people if row["kind"] == "human" else bots)
    for row in (*tables["devices"], *tables["sources"]):
        assert row["target"] == measure.RIGHT
