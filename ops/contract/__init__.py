"""The contract of the short-URL API with its clients, as data: requests, and the responses to them.

The cases run in process (tests/integration/test_contract.py), and as part of the smoke test through
the gateway of the local stack (tests/e2e/test_smoke.py) and of a deployed one (make smoke).
"""
