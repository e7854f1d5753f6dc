"""Whether a deployed stack keeps its promises, as seen over its public address.

Run after every deployment: `make smoke STACK=...`. It creates accounts and keys of its own and
removes them again. It must never touch another account, print a key, or leave one working.
"""
