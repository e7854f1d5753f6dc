"""Signed requests to AWS without the SDK, where every request of a client waits for it.

Importing boto3 and making one client costs several times what the rest of the authorizer costs,
and each call of it several times the CPU (docs/performance.md, docs/adr/0016). What is here does
one thing: it sends JSON that may be sent twice, and answers with JSON or raises. Everything else
uses boto3 (`jmpy.aws`).
"""
