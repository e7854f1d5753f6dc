"""Emails to owners: before their keys expire, and about links that were taken down."""
