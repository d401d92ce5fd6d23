"""One clock: the database's. Read once per request or task, and passed down as ``at``."""

from datetime import UTC, datetime

from django.db import connection


def now() -> datetime:
    """The database's time, in UTC: the same for every web node and worker, however wrong their own clocks."""
    if connection.vendor == "postgresql":
        sql = "SELECT clock_timestamp()"
    else:
        sql = "SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        value = cursor.fetchone()[0]
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
