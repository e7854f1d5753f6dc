"""Clicks: from a redirect, over a queue, to counters that are exact (docs/adr/0012)."""
