"""What a story does inside the application, each time in a process of its own: ``python tests/stories/deeds.py NAME ARGUMENTS``.

The last line printed is the answer, as JSON.
"""

import json
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connections, transaction  # noqa: E402
from factories import prize as make  # noqa: E402

from prize import clock, post  # noqa: E402
from prize.models import Edition, LedgerEntry, Letter, Meeting, Person, Stage  # noqa: E402


def call_opened(book: str, year: str) -> int:
    """A rulebook loaded as the office loads it, and its edition shown to the public."""
    call_command("rulebook", "load", book)
    return Edition.objects.filter(year=year).update(is_public=True)


def letters_queued(year: str, prefix: str, number: str) -> dict[str, float]:
    """Letters that call to a meeting, in one transaction, and how long it took until a request would have answered."""
    at = clock.now()
    edition = Edition.objects.filter(year=year).first() or make.make_edition(at, year=int(year))
    committee = make.make_committee(edition, key=prefix)
    meeting = Meeting.objects.create(
        committee=committee, title={"en": "Briefing"}, starts_at=at + timedelta(days=1), ends_at=at + timedelta(days=2)
    )
    began = time.monotonic()
    with transaction.atomic():
        for count in range(int(number)):
            post.queue(
                "prize.meeting",
                key=f"{prefix}:{count}",
                to=f"{prefix}-{count:02}@example.org",
                at=at,
                edition=edition,
                about={"meeting": meeting.code},
            )
    return {"seconds": time.monotonic() - began}


def call_closed_by_many(year: str, number: str) -> dict[str, Any]:
    """That many threads, each with its own connection, close the call at the same instant."""
    from factories import applications as write

    from applications import calling

    at = clock.now()
    edition = make.make_edition(at, year=int(year))
    for count in range(3):
        write.make_application(edition, make.make_person(f"Writer {year} {count}"), at=at)
    stage, by = edition.stage(Stage.Kind.CALL), Person.objects.clock()
    won, problems = [], []
    together = threading.Barrier(int(number))

    def close() -> None:
        try:
            mine = Stage.objects.get(pk=stage.pk)
            together.wait(30)
            won.append(calling.close_call(mine, by=by, at=stage.closes_at))
        except Exception as error:
            problems.append(repr(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=close) for _ in range(int(number))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    closings = LedgerEntry.objects.filter(act="stage.closed", chain__edition=edition)
    told = Letter.objects.filter(edition=edition, kind="applications.unsent")
    return {
        "won": sum(won),
        "asked": len(won),
        "problems": problems,
        "deeds": closings.count(),
        "letters": told.count(),
    }


def letters_queued_embedded(year: str, prefix: str, number: str) -> int:
    """Queue letters in a database of one's own, in a process in which nothing works."""
    call_command("migrate", verbosity=0, interactive=False)
    letters_queued(year, prefix, number)
    return Letter.objects.filter(state="queued").count()


def letters_delivered_embedded(year: str, prefix: str, number: str) -> int:
    """Queue letters, then start the threads that work in this process, and wait until no letter waits."""
    from prize import embedded

    letters_queued(year, prefix, number)
    embedded.start_workers()
    until = time.monotonic() + 60
    while Letter.objects.filter(state="queued").exists() and time.monotonic() < until:
        time.sleep(0.1)
    return Letter.objects.filter(state="sent").count()


def drafts_made(year: str, number: str) -> list[dict[str, str]]:
    """Complete drafts, each with the session of its owner."""
    from factories import applications as write

    at = clock.now()
    edition = make.make_edition(at, year=int(year))
    return [
        {"code": write.make_application(edition, person, at=at).code, "session": session_of(person)}
        for person in (make.make_person(f"Applicant {year} {count}") for count in range(int(number)))
    ]


def session_of(person: Person) -> str:
    """The key of a session in which this person is signed in."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return session.session_key


def deeds_counted(year: str, act: str) -> int:
    return LedgerEntry.objects.filter(chain__edition__year=year, act=act).count()


DEEDS: dict[str, Callable[..., Any]] = {
    deed.__name__: deed
    for deed in (
        call_opened,
        letters_queued,
        letters_queued_embedded,
        letters_delivered_embedded,
        call_closed_by_many,
        drafts_made,
        deeds_counted,
    )
}

if __name__ == "__main__":
    print(json.dumps(DEEDS[sys.argv[1]](*sys.argv[2:])))
