"""What functions do to tables: as their settings declare it, and as their roles permit it."""

from __future__ import annotations

from typing import Any, get_args, get_type_hints

from jmpy.settings import FunctionSettings, Use

READS = {"GetItem", "BatchGetItem", "Query", "Scan", "ConditionCheckItem"}
WRITES = {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"}


def declared(settings: type[FunctionSettings]) -> dict[str, Use]:
    """By logical id of the table: `links_table`, a setting, is `LinksTable`."""
    hints = get_type_hints(settings, include_extras=True)
    found = ((name, get_args(hint)) for name, hint in hints.items())
    return {
        "".join(part.title() for part in name.split("_")): arguments[1]
        for name, arguments in found
        if len(arguments) == 2 and isinstance(arguments[1], Use)
    }


def permitted(properties: dict[str, Any], tables: set[str]) -> dict[str, Use]:
    """What the role of a function permits with the items of each table, by logical id;
    `properties` are those of the function in the template."""
    found: dict[str, Use] = {}
    for policy in properties.get("Policies", []):
        for statement in policy["Statement"]:
            # `!GetAtt LinksTable.Arn`, `!Sub ${LinksTable.Arn}/index/...` and lists of them
            resources = str(statement["Resource"])
            use = _use(statement["Action"])
            for table in tables:
                if use and f"{table}.Arn" in resources:
                    found[table] = found.get(table, Use(0)) | use
    return found


def _use(actions: str | list[str]) -> Use:
    use = Use(0)
    for action in [actions] if isinstance(actions, str) else actions:
        name = action.removeprefix("dynamodb:")
        use |= Use.READ if name in READS else Use.WRITE if name in WRITES else Use(0)
    return use


def variables(properties: dict[str, Any]) -> set[str]:
    """Of the environment, as the template sets it for this function alone."""
    return set(properties.get("Environment", {}).get("Variables", {}))
