"""Sessions of people who signed in through Cognito: the way there and back (`pending`, `oidc`), the
proof of who they are (`id_token`, `signing_keys`), and what they are recognised by (`service`,
`store`, `sealing`).

No token of Cognito ever reaches the browser, and no id of a session ever reaches the table.
"""
