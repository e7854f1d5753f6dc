"""HTTP for the API's functions: declared operations, the caller's identity, the error table.

Nothing below `http` and the functions knows a status code or a header.
"""
