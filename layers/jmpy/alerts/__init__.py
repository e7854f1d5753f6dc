"""Unusual activity of API keys, noticed from the access log (docs/alerts.md, docs/adr/0013)."""
