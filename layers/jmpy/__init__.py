"""The package that every function shares, shipped as one Lambda layer.

The way down is function -> service -> store: HTTP words stop in `http` and the functions,
DynamoDB words stop in the stores, and nothing below knows anything above.
"""
