"""Generates the secret by which a CDN proves that a request came through it (docs/deploy.md)."""

import secrets
from hashlib import sha256

BYTES = 32


def main() -> None:
    secret = secrets.token_urlsafe(BYTES)
    print("Give the CDN the secret: EdgeSecret of deploy/edge.yaml, or the header X-Jmpy-Edge.")
    print("Nothing stores it; the stack of the API gets the hash only.\n")
    print(f"EdgeSecret={secret}")
    print(f"EdgeSecretHashes={sha256(secret.encode()).hexdigest()}")


if __name__ == "__main__":
    main()
