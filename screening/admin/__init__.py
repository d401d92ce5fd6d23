"""The screening app in the admin: the officers' board, and the tables behind it. Importing this package registers them."""

from screening.admin import cities, tables

__all__ = ["cities", "tables"]
