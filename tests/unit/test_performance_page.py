"""docs/performance.md says what was measured last."""

from bench.speed import page


def test_the_table_is_that_of_the_results() -> None:
    text = page.PAGE.read_text()
    assert text == page.made(text), "run: python -m bench.speed"
