"""Mixed requests, many at once, through the running local stack (`make start`): every answer is
compared with a plain model, and in the end every record with what should be there.

Each worker is a person with an account of their own, so that its model knows every answer
beforehand, limits and their counts included.
"""
