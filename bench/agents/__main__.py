"""Measures how clicks are classified, prints tables, and writes bench/results/agents.json and the
tables of docs/clicks.md.

Each option names a checkout (or an unpacked package) that its fixtures are read from. With fewer
than all, nothing is written.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bench import committed
from bench.agents import fixtures, measure, page

SOURCES = {
    "isbot": ("github.com/omrilotan/isbot, fixtures/", fixtures.isbot),
    "crawler-user-agents": (
        "github.com/monperrus/crawler-user-agents",
        fixtures.crawler_user_agents,
    ),
    "device-detector": (
        "github.com/matomo-org/device-detector, Tests/fixtures/",
        fixtures.device_detector,
    ),
    "user-agents": ("npmjs.com/package/user-agents, dist/", fixtures.user_agents),
    "referer-parser": (
        "github.com/snowplow-referer-parser/referer-parser, resources/referers.yml",
        fixtures.referers,
    ),
}


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="bench.agents",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for name, (origin, _) in SOURCES.items():
        parser.add_argument(f"--{name}", type=Path, metavar="FOLDER", help=origin)
    options = vars(parser.parse_args())
    folders = {name: options[name.replace("-", "_")] for name in SOURCES}
    given = {name: folder for name, folder in folders.items() if folder is not None}
    if not given:
        parser.error("name at least one folder")
    samples = [sample for name, folder in given.items() for sample in SOURCES[name][1](folder)]
    tables = measure.measured(samples)
    versions = [
        {"name": name, "from": SOURCES[name][0], "version": fixtures.version(folder)}
        for name, folder in given.items()
    ]
    result = {"fixtures": versions, **tables}
    print(page.tables(result))
    whole = len(given) == len(SOURCES)
    committed.write(page.RESULTS, result, trial=not whole)
    if whole:
        page.write()
    return 1 if measure.missed(tables) else 0


if __name__ == "__main__":
    sys.exit(main())
