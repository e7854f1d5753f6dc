"""Who is calling: from the request's credential to an IAM policy with context.

Loaded on the cold path of every request, so nothing here may import more than the standard
library and what it shares with `jmpy.keys`, `jmpy.accounts` and `jmpy.aws`
(tests/unit/test_import_budget.py holds the list). ID tokens are verified by another function.
"""
