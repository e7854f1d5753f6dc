"""The form of the alert rules: what it shows, and what is typed into it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmpy.alerts.settings.descriptions import RULES
from jmpy.alerts.settings.thresholds import DEFAULT, TUNABLES
from jmpy.dashboard import filters
from jmpy.dashboard.views.alerts import RuleForm, ThresholdField

if TYPE_CHECKING:
    from jmpy.alerts.rule import Rule
    from jmpy.alerts.settings.thresholds import Thresholds, Tunable
    from jmpy.web.form import Form


def sent_numbers(form: Form) -> dict[str, Any]:
    """What was typed, as numbers where it is one; empty for the default."""
    return {name: _number(form.text(name)) for name in TUNABLES}


def _number(text: str) -> Any:
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        return text


def shown_rule(rule: Rule, thresholds: Thresholds, form: Form | None) -> RuleForm:
    explanation = RULES[rule]
    is_on = rule not in thresholds.off if form is None else rule in form.texts("rules")
    return RuleForm(
        rule=rule,
        name=explanation.name,
        sentence=explanation.sentence,
        is_on=is_on,
        thresholds=tuple(
            shown_threshold(name, thresholds, form) for name in explanation.thresholds
        ),
    )


def shown_threshold(name: str, thresholds: Thresholds, form: Form | None) -> ThresholdField:
    tunable, default = TUNABLES[name], getattr(DEFAULT, name)
    return ThresholdField(
        name=name,
        words=tunable.words,
        value=_plain(getattr(thresholds, name)) if form is None else form.text(name),
        default=filters.number(default),
        least=filters.number(tunable.least),
        most=filters.number(tunable.most),
    )


def accepted_range(tunable: Tunable) -> str:
    number = "a whole number" if tunable.is_whole else "a number"
    least, most = filters.number(tunable.least), filters.number(tunable.most)
    return f"{tunable.words}: enter {number} from {least} to {most}"


def _plain(number: float) -> str:
    """As people type it."""
    return str(int(number) if number == int(number) else number)
