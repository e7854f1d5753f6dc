"""QR codes: their contents, drawing and records."""
