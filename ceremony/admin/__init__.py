"""The ceremony app in the admin."""

from ceremony.admin import aftercare, awards, occasions, partners

__all__ = ["aftercare", "awards", "occasions", "partners"]
