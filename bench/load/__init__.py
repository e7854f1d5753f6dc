"""Concurrent mixed requests through the running local stack (`make start`): every response is
compared with a simple model, and at the end every record with the expected one.

Each worker has an account of its own, so that its model predicts every response, including limits
and their counts.
"""
