"""Signed requests to AWS without the SDK, where every request of a client waits for it.

Importing the SDK and making one client costs several times what the rest of the authorizer costs,
and each call of it several times the CPU (docs/performance.md, docs/adr/0016 and 0022). What is
here does one thing: it sends JSON, and answers with JSON or raises. `jmpy.aws` hands it out.
"""
