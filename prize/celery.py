"""The Celery application: ``celery -A prize worker`` and ``celery -A prize beat``.

What is to be done stands in tables, where sweeps find it. Celery and its broker only shorten the wait.
"""

import logging
import os
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import after_task_publish, beat_init
from django.conf import settings
from kombu.exceptions import OperationalError

from prize import outage

log = logging.getLogger(__name__)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prize.settings")

app = Celery("prize")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def hint(task: Any, *arguments: Any) -> bool:
    """Tell a worker at once, for use after a commit. It never fails and seldom waits: a sweep finds what it could not tell."""
    if outage.redis.lasts():
        return False
    try:
        task.delay(*arguments)
        return True
    except OperationalError as error:
        outage.redis.begins(error)
    except Exception:
        log.exception("%s%s waits for the sweep", task.name, arguments)
    return False


def pulse() -> Path:
    """Beat touches this file when it starts and whenever it has asked for the letters. Its health check looks at the age."""
    return Path(settings.VAR) / "beat-pulse"


@beat_init.connect
def first_pulse(**_more: Any) -> None:
    pulse().touch()


@after_task_publish.connect(sender="prize.tasks.sweep_letters")
def next_pulse(**_more: Any) -> None:
    pulse().touch()
