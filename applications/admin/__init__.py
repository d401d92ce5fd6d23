"""The applications app in the admin. Importing this package registers its models."""

from applications.admin import entries, forms, records

__all__ = ["entries", "forms", "records"]
