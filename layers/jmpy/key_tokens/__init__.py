"""Short-lived tokens derived from an API key: their text (`text`), their record (`model`), what the
authorizer reads (`lookup`), the operations on them (`service`) and their storage (`store`).

A token points at its key and copies nothing of it, so whatever happens to the key applies to the
token as well (docs/adr/0053-short-lived-tokens-point-at-their-key.md).
"""
