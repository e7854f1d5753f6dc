"""Clients of AWS: without the SDK where every request waits for them, with it elsewhere.

Importing the SDK and creating one client costs several times what the rest of the authorizer costs,
and each call through it several times the CPU (docs/performance.md, docs/adr/0016 and 0022).
`jmpy.aws.clients` creates them all.
"""
