"""Imports of links from other services, from their exports, with their codes."""
