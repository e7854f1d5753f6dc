"""The package that every function shares, shipped as one Lambda layer.

Calls go from function to service to store: HTTP terms stop in `http` and the functions, DynamoDB
terms stop in the stores, and no layer imports one above it.
"""
