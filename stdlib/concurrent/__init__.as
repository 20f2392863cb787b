"""Packages about doing things at the same time."""
