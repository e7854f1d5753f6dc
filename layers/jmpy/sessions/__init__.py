"""Sessions of people who signed in through Cognito: the sign-in (`login_state`, `oidc`), the proof
of identity (`id_token`, `signing_keys`), and the session itself (`service`, `store`,
`encryption`).

Cognito's tokens never reach the browser, and ids of sessions never reach the table.
"""
