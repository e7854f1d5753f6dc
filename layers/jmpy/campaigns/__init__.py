"""Campaigns: groups of an account's links."""
