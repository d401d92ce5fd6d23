"""The prize app in the admin. Importing this package registers its models."""

from prize.admin import committees, editions, people, records
from prize.admin.base import EditionAdmin, ReadOnlyAdmin, ReadOnlyInline, WithinReach, verb

__all__ = [
    "EditionAdmin",
    "ReadOnlyAdmin",
    "ReadOnlyInline",
    "WithinReach",
    "committees",
    "editions",
    "people",
    "records",
    "verb",
]
