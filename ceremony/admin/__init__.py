"""The ceremony app in the admin."""

from ceremony.admin import aftercare, awards, objections, occasions, partners

__all__ = ["aftercare", "awards", "objections", "occasions", "partners"]
