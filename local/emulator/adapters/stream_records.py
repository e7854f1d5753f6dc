"""Keep the records of tables' streams when the emulator stops.

MiniStack stores how far each event source mapping has read, but not the records: after a start, as
many new records as there were before are taken for processed, and no function gets them. On AWS a
record is available for 24 hours (DynamoDB developer guide, "Change data capture for DynamoDB
Streams"). It must never change what a running emulator delivers.

Tests: tests/emulator/test_gap_stream_records.py.
"""

import copy
from typing import Any

from ministack.services import dynamodb

_STATE = {"stream_records": "_stream_records", "stream_trimmed": "_stream_trimmed"}
"""By their names in the stored state: the records, and how many before them were too old."""


def apply() -> None:
    """Store the records with the tables."""
    get, load = dynamodb.get_state, dynamodb.load_persisted_state

    def get_state() -> dict[str, Any]:
        records = {name: getattr(dynamodb, attribute) for name, attribute in _STATE.items()}
        return {**get(), **copy.deepcopy(records)}

    def load_persisted_state(state: dict[str, Any] | None) -> None:
        load(state)
        for name, attribute in _STATE.items():
            getattr(dynamodb, attribute).update((state or {}).get(name, {}))

    dynamodb.get_state = get_state
    dynamodb.load_persisted_state = load_persisted_state
