"""Alerts about unusual activity of API keys (docs/alerts.md, docs/adr/0013)."""
