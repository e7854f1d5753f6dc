"""Checks destinations against a provider's lists of unsafe URLs; never while a request waits."""
