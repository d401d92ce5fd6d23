"""The pages that stand where something has gone wrong. No link leads to them: each is made to appear here, and is looked at."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from gate.findings import Page
from gate.markup import Markup
from gate.walking import faults_of_language
from prize import urls


def fails(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("as a mistake of ours would")


urlpatterns = [path("fails/", fails)]
handler500 = urls.handler500


def not_ours(client: Client) -> Any:
    return client.get("/", HTTP_HOST="elsewhere.example")


def stale(client: Client) -> Any:
    return Client(enforce_csrf_checks=True, SERVER_NAME="127.0.0.1").post("/accounts/login/", headers=spoken(client))


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=10)
def too_much(client: Client) -> Any:
    return client.post("/accounts/login/", {"login": "x" * 1000})


@override_settings(ACCOUNT_RATE_LIMITS={"reset_password": "1/m/ip"})
def too_often(client: Client) -> Any:
    somewhere = {"REMOTE_ADDR": f"2001:db8::{uuid.uuid4().hex[:4]}:{uuid.uuid4().hex[:4]}"}  # counted by address
    sent = [client.post("/accounts/password/reset/", {"email": "a@example.org"}, **somewhere) for _again in range(2)]
    return sent[-1]


@override_settings(ROOT_URLCONF=__name__)
def broken(client: Client) -> Any:
    return client.get("/fails/")


@override_settings(MAINTENANCE=True)
def closed(client: Client) -> Any:
    return client.get("/")


def spoken(client: Client) -> dict[str, str]:
    return {"Accept-Language": client.cookies["django_language"].value}


@dataclass(frozen=True)
class Failure:
    template: str
    status: int
    happen: Callable[[Client], Any]

    @property
    def address(self) -> str:
        """Under which the browser is shown it."""
        return f"/when-it-happens/{self.template}/"

    def page(self, language: str) -> Any:
        client = Client(raise_request_exception=False, SERVER_NAME="127.0.0.1")
        client.cookies["django_language"] = language
        return self.happen(client)


FAILURES = (
    Failure("400", 400, not_ours),
    Failure("403_csrf", 403, stale),
    Failure("413", 413, too_much),
    Failure("429", 429, too_often),
    Failure("500", 500, broken),
    Failure("503", 503, closed),
)
WALKED_TO = {"403", "404"}  # by links and addresses that are not one's own


BY_ADDRESS = {failure.address: failure for failure in FAILURES}


@contextmanager
def shown(tab: Any, address: str, language: str) -> Iterator[None]:
    """The browser gets the failure of this address, with the policy that came with it; all else comes from the server."""
    if address not in BY_ADDRESS:
        yield
        return
    answer = BY_ADDRESS[address].page(language)
    headers = {name: answer[name] for name in ("Content-Type", "Content-Security-Policy") if name in answer}
    body = answer.content.decode()
    tab.route(f"**{address}", lambda route: route.fulfill(status=answer.status_code, headers=headers, body=body))
    yield
    tab.unroute(f"**{address}")


def pages(languages: tuple[str, ...]) -> Iterator[Page]:
    """They are read in every language at once, as a visitor's, who may meet them."""
    for failure in FAILURES:
        shape = Markup(failure.page(languages[0]).content.decode()).shape()
        page = Page("visitor", failure.address, failure.address, failure.status, shape, read_in=list(languages))
        for language in languages:
            page.faults += [f"{language}: {fault}" for fault in faults(failure, failure.page(language), language)]
        yield page


def faults(failure: Failure, answer: Any, language: str) -> Iterator[str]:
    if answer.status_code != failure.status:
        yield f"answers {answer.status_code}"
    markup = Markup(answer.content.decode())
    yield from markup.faults()
    yield from faults_of_language(markup, language)
