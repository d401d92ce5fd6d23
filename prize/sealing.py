"""Tell the database what may never change. The rule holds for pages, admin, tasks and a stray shell alike.

``append_only`` refuses every UPDATE and DELETE of a table; ``frozen_when`` refuses them for rows where a condition on the
old row holds. Triggers are installed after every migrate, because SQLite drops them whenever it rebuilds a table.
"""

from dataclasses import dataclass

from django.apps import apps
from django.db import connections


@dataclass(frozen=True)
class Seal:
    """A rule on one table: ``{old}`` in the condition stands for the row as it was."""

    name: str
    table: str
    condition: str  # "" means always
    columns: tuple[str, ...] = ()  # where given, only a change of these is refused
    verbs: tuple[str, ...] = ("UPDATE", "DELETE")


def append_only(table: str) -> Seal:
    return Seal(f"{table}_append_only", table, "")


def frozen_when(table: str, condition: str, *, columns: tuple[str, ...] = (), name: str = "frozen") -> Seal:
    return Seal(f"{table}_{name}", table, condition, columns)


def declared() -> list[Seal]:
    """Every model's ``seals``."""
    return [seal for model in apps.get_models() for seal in getattr(model, "seals", ())]


def install_after_migrate(sender, using="default", **kwargs) -> None:
    # Once per migrate, after the last of our apps, when all tables are there.
    if sender.name == "ceremony":
        install(using)


def install(using: str = "default") -> None:
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for seal in declared():
            if seal.table in tables:
                for statement in statements(seal, connection.vendor):
                    cursor.execute(statement)


def lift(using: str = "default") -> None:
    """Drop every trigger. Only a restore or a test's clean-up has a reason to."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for seal in declared():
            for verb in seal.verbs:
                name = f"{seal.name}_{verb.lower()}"
                suffix = f" ON {seal.table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{suffix}")


def statements(seal: Seal, vendor: str) -> list[str]:
    builder = postgresql if vendor == "postgresql" else sqlite
    return [line for verb in seal.verbs for line in builder(seal, verb)]


def when(seal: Seal, verb: str, distinct: str) -> str:
    parts = [seal.condition.format(old="OLD")] if seal.condition else []
    if verb == "UPDATE" and seal.columns:
        changed = " OR ".join(f"OLD.{column} {distinct} NEW.{column}" for column in seal.columns)
        parts.append(f"({changed})")
    return " AND ".join(f"({part})" for part in parts)


def sqlite(seal: Seal, verb: str) -> list[str]:
    name, clause = f"{seal.name}_{verb.lower()}", when(seal, verb, "IS NOT")
    guard = f" WHEN {clause}" if clause else ""
    return [
        f"DROP TRIGGER IF EXISTS {name}",
        f"CREATE TRIGGER {name} BEFORE {verb} ON {seal.table}{guard} "
        f"BEGIN SELECT RAISE(ABORT, '{seal.name}: this row is sealed'); END",
    ]


def postgresql(seal: Seal, verb: str) -> list[str]:
    # The condition may ask other tables, which a WHEN clause may not: so it stands inside the function.
    name, clause = f"{seal.name}_{verb.lower()}", when(seal, verb, "IS DISTINCT FROM")
    verdict = f"IF {clause or 'TRUE'} THEN RAISE EXCEPTION '{seal.name}: this row is sealed'; END IF;"
    row = "NEW" if verb == "UPDATE" else "OLD"
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {verdict} RETURN {row}; END $$",
        f"DROP TRIGGER IF EXISTS {name} ON {seal.table}",
        f"CREATE TRIGGER {name} BEFORE {verb} ON {seal.table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]
