"""Judging in the admin. Importing this package registers its models."""

from judges.admin import people, results, rounds, sheets

__all__ = ["people", "results", "rounds", "sheets"]
