"""Who is calling: from the request's credential to an IAM policy with context.

Loaded on the cold path of every request, so nothing here may import more than the standard
library, boto3, `jmpy.keys` and `jmpy.accounts` (tests/unit/test_import_budget.py holds the list).
What verifies ID tokens is loaded with the first request that carries one.
"""
