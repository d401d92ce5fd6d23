"""The prize app in the admin. Importing this package registers its models."""

from prize.admin import committees, editions, people, records
from prize.admin.base import EditionAdmin, ReadOnlyAdmin, ReadOnlyInline, verb

__all__ = ["EditionAdmin", "ReadOnlyAdmin", "ReadOnlyInline", "committees", "editions", "people", "records", "verb"]
