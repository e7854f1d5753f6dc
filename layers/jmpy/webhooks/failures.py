"""Why a delivery failed, in a sentence for the webhook's owner."""

from jmpy.webhooks.sender import ADDRESS_REJECTED, STATUS

_SENTENCES = {
    ADDRESS_REJECTED: "Its host resolves to a non-public address, so nothing was sent.",
    "gaierror": "Its host was not found.",
    "ConnectionRefusedError": "Its host refused the connection.",
    "TimeoutError": "It did not respond in time.",
    "SSLCertVerificationError": "Its certificate is not valid for its host.",
    "SSLError": "No TLS connection could be made.",
    "RemoteDisconnected": "It closed the connection without a response.",
}
"""By `DeliveryFailed.reason`."""


def describe_failure(reason: str) -> str:
    if reason.startswith(STATUS):
        return f"It responded with {reason}, which is not 2xx."
    return _SENTENCES.get(reason, "The connection failed.")
