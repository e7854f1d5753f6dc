"""Detects unusual activity of API keys in the access log: the baseline of each key, and rules."""
