"""Whether a deployed stack keeps its promises, asked over its public address.

Run after every deployment: `make smoke STACK=...`. It makes accounts and keys of its own and
removes them again. It must never touch another account, print a key, or leave one working.
"""
