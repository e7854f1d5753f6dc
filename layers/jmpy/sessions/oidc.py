"""Cognito's managed login as an OpenID Connect provider: authorization code flow with PKCE.

https://docs.aws.amazon.com/cognito/latest/developerguide/federation-endpoints.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from jmpy.sessions import cognito_http
from jmpy.sessions.errors import RefreshDenied, SignInDenied, SignInUnavailable
from jmpy.sessions.model import Tokens

if TYPE_CHECKING:
    from jmpy.sessions.login_state import PendingSignIn
    from jmpy.sessions.settings import SignInSettings


class ManagedLogin:
    def __init__(self, url: str, settings: SignInSettings) -> None:
        self._url = url.rstrip("/")
        self._settings = settings

    def authorization_url(self, pending: PendingSignIn, redirect_uri: str) -> str:
        parameters = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": redirect_uri,
            "scope": "openid email",
            "state": pending.state,
            "nonce": pending.nonce,
            "code_challenge": pending.challenge,
            "code_challenge_method": "S256",
        }
        return f"{self._url}/oauth2/authorize?{urlencode(parameters)}"

    def logout_url(self, logout_uri: str) -> str:
        """Ends the session at Cognito too; otherwise the next sign-in would need no password."""
        parameters = {"client_id": self._settings.client_id, "logout_uri": logout_uri}
        return f"{self._url}/logout?{urlencode(parameters)}"

    def exchange(self, code: str, verifier: str, redirect_uri: str) -> Tokens:
        """Raises SignInDenied, SignInUnavailable."""
        try:
            response = self._token(
                grant_type="authorization_code",
                code=code,
                code_verifier=verifier,
                redirect_uri=redirect_uri,
            )
        except cognito_http.Rejected:
            raise SignInDenied("The code is used up, expired or not for this sign-in") from None
        tokens = _tokens(response)
        if tokens.refresh_token is None:
            raise SignInUnavailable("Cognito responded to a code without a refresh token")
        return tokens

    def refresh(self, refresh_token: str) -> Tokens:
        """Raises RefreshDenied, SignInUnavailable."""
        try:
            return _tokens(self._token(grant_type="refresh_token", refresh_token=refresh_token))
        except cognito_http.Rejected:
            raise RefreshDenied from None

    def revoke(self, refresh_token: str) -> None:
        """Revokes the refresh token and the tokens issued for it. Raises SignInUnavailable."""
        fields = {"token": refresh_token, "client_id": self._settings.client_id}
        try:
            cognito_http.post_form(f"{self._url}/oauth2/revoke", fields)
        except cognito_http.Rejected:
            raise SignInUnavailable("Cognito rejected the revocation of a refresh token") from None

    def _token(self, **fields: str) -> Any:
        sent = {"client_id": self._settings.client_id, **fields}
        return cognito_http.post_form(f"{self._url}/oauth2/token", sent)


def _tokens(response: Any) -> Tokens:
    match response:
        case {"id_token": str(id_token), "refresh_token": str(refresh_token)}:
            return Tokens(id_token, refresh_token)
        case {"id_token": str(id_token)} if "refresh_token" not in response:
            return Tokens(id_token, None)
    raise SignInUnavailable("Cognito responded without an ID token")
