"""Where the public image of a QR code is: `/_/qr/<id>.svg`."""


def url(base_url: str, qr_id: str) -> str:
    return f"{base_url}/_/qr/{qr_id}.svg"
