"""Everything in one process: Celery worker and beat as threads on the memory broker, and a small web server.

The same tasks run in production as processes on Redis; only the transport differs.
"""

import contextlib
import logging
import threading
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIServer

from celery.beat import Scheduler, Service
from django.core.servers.basehttp import WSGIRequestHandler
from django.core.wsgi import get_wsgi_application

from prize.celery import app, hint
from prize.tasks import sweep_letters

logging.getLogger("django.server").setLevel(logging.ERROR)


class Server(ThreadingMixIn, WSGIServer):
    """One thread a request, none of which keeps the process alive."""

    daemon_threads = True
    request_queue_size = 64


def start_worker() -> threading.Thread:
    worker = app.WorkController(
        pool="solo", concurrency=1, without_gossip=True, without_mingle=True, without_heartbeat=True
    )
    thread = threading.Thread(target=worker.start, name="celery-worker", daemon=True)
    thread.start()
    return thread


def start_beat() -> threading.Thread:
    # In memory: what is due is asked of the tables, so there is nothing to remember across a restart.
    service = Service(app, scheduler_cls=Scheduler)
    thread = threading.Thread(target=service.start, kwargs={"embedded_process": False}, name="celery-beat", daemon=True)
    thread.start()
    return thread


def start_workers() -> None:
    """All of them, beginning with the letters that a process before this one left."""
    start_worker()
    start_beat()
    hint(sweep_letters)


def serve(port: int) -> None:
    server = Server(("127.0.0.1", port), WSGIRequestHandler)  # first, as it fails where the port is taken
    start_workers()
    server.set_app(get_wsgi_application())
    with contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()
    server.server_close()
