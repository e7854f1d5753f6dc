"""Every threshold and every rule can be tuned, and is explained."""

from __future__ import annotations

from dataclasses import fields

from jmpy.alerts.detection.rules import detectors
from jmpy.alerts.rule import Rule
from jmpy.alerts.settings.descriptions import LEARNING, RULES
from jmpy.alerts.settings.schema import UpdateAlertThresholds
from jmpy.alerts.settings.thresholds import DEFAULT, TUNABLES, Thresholds
from jmpy.alerts.wording import TITLES


def test_every_threshold_has_words_and_a_range_that_its_default_is_in() -> None:
    assert set(TUNABLES) == {field.name for field in fields(Thresholds)} - {"off", "email_enabled"}
    for name, tunable in TUNABLES.items():
        default = getattr(DEFAULT, name)
        assert tunable.words
        assert tunable.least <= default <= tunable.most
        assert not tunable.is_whole or isinstance(default, int)


def test_every_threshold_can_be_set_over_the_api() -> None:
    assert set(UpdateAlertThresholds.model_fields) == set(TUNABLES)


def test_every_rule_about_requests_is_explained_and_no_threshold_is_without_one() -> None:
    assert set(RULES) == set(Rule) - {Rule.LEAKED_KEY, Rule.LEAKED_TOKEN}
    assert len(detectors(DEFAULT)) == len(RULES)
    assert set(TITLES) == set(Rule)
    named = [*LEARNING, *(name for rule in RULES.values() for name in rule.thresholds)]
    assert sorted(named) == sorted(TUNABLES)


def test_only_thresholds_that_differ_are_stored() -> None:
    assert DEFAULT.own() == {}
    assert Thresholds(burst_factor=30, off=("burst",)).own() == {
        "burst_factor": 30,
        "off": ("burst",),
    }
