"""Who sees which pages: every role follows its own links through the product, in this process, in every language."""

import itertools
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from urllib.parse import urldefrag, urljoin, urlsplit

from django.contrib import admin
from django.core.exceptions import ObjectDoesNotExist
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from factories import prize as make

from applications.models import Collaborator
from ceremony.models import Certificate, Guest, Offer
from gate import routes
from gate.findings import OF_ANY_ROW, Page, Walk
from gate.markup import Markup
from prize.models import Letter, Person
from screening.models import Clarification

VISITOR, NORA = "visitor", "nora"
# Those whom a letter of their own brought: who was asked about an entry, who writes one with another, who is offered a benefit.
ASKED, COLLEAGUE, OFFERED = "asked", "colleague", "offered"
ROLES = (
    VISITOR,
    NORA,
    "applicant",
    "laureate",
    "judge",
    "chair",
    "member",
    "cochair",
    "partner",
    "screening",
    "office",
)
CALLED = (ASKED, COLLEAGUE, OFFERED)
STARTS = {
    VISITOR: ["/", "/accounts/login/"],
    "screening": ["/desk/", "/admin/"],
    "office": ["/desk/", "/admin/", "/patterns/"],
}
# What no link leads to: refusals, addresses that come by letter, and the pages of an account.
BESIDE = {
    VISITOR: ["/no-such-page/", "/certificates/2222-2222/", "/accounts/password/reset/done/", "/accounts/confirm-email/",
              "/accounts/password/reset/key/done/", "/accounts/password/reset/key/a-b/", "/accounts/confirm-email/x/",
              "/accounts/inactive/", "/rsvp/not-a-token/"],
    NORA: ["/committee/", "/admin/", "/partner/", "/judging/", "/entries/22222222/", "/accounts/email/", "/patterns/",
           "/accounts/password/change/", "/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/logout/",
           "/accounts/reauthenticate/"],
    "judge": ["/accounts/2fa/totp/activate/"],
    "office": ["/admin/no-such-page/", "/admin/prize/edition/99999/change/"],
}  # fmt: skip
AT_MOST = 2  # addresses of one route for one role; states beyond these are met in the other stages


def person_of(role: str) -> Person | None:
    if role == VISITOR:
        return None
    if role == NORA:
        return Person.objects.get_or_create(email="nora@demo.example", defaults={"name": "Nora"})[0]
    if role == ASKED:
        return Clarification.objects.earliest("pk").application.owner
    if role == OFFERED:
        return Offer.objects.earliest("pk").laureate.application.owner
    return Person.objects.get(email=f"{role}@demo.example")


def is_here(role: str) -> bool:
    """Some are called only in a later stage."""
    try:
        person_of(role)
    except ObjectDoesNotExist:
        return False
    return True


@cache
def browser_of(role: str, language: str) -> Client:
    client = Client(raise_request_exception=False, SERVER_NAME="127.0.0.1")
    if person := person_of(role):
        make.sign_in(client, person)
    client.cookies["django_language"] = language
    return client


def walk(roles: tuple[str, ...] = ROLES, *, most: int | None = None, chance: random.Random | None = None) -> Walk:
    """In English. ``most`` is how many pages of each role, met in an order of ``chance``."""
    found = Walk()
    for role in filter(is_here, roles):
        pages = list(itertools.islice(follow(role, found, chance), most))
        same_titles(pages)
        found.pages += pages
        print(f"  {len(pages)} pages of the {role}", flush=True)
    return found


def walk_again(walk: Walk) -> None:
    """To what had a fault, after it was mended."""
    for page in walk.pages:
        if page.faults:
            answer = browser_of(page.role, "en").get(page.address, follow=True)
            page.status, page.faults, page.read_in = answer.status_code, [], []
            judge(page, Markup(answer.content.decode()))
    for role in {page.role for page in walk.pages}:
        same_titles([page for page in walk.pages if page.role == role])


def follow(role: str, found: Walk, chance: random.Random | None = None) -> Iterator[Page]:
    """Every page this role's links lead to, a few of each route."""
    client = browser_of(role, "en")
    waiting = [*STARTS.get(role, ["/desk/"]), *BESIDE.get(role, []), *letters(role)]
    seen = set(waiting)
    if role == "office":
        waiting += list(buttons())
    count: dict[str, int] = defaultdict(int)
    while waiting:
        address = waiting.pop(chance.randrange(len(waiting)) if chance else 0)
        route = route_of(address)
        if count[route] >= enough(route) and address not in BESIDE.get(role, []):
            continue
        answer = client.get(address, follow=True)
        address = answer.redirect_chain[-1][0] if answer.redirect_chain else address
        if answer.redirect_chain and (route_of(address) == route or address in seen):
            continue
        route = route_of(address)
        seen.add(address)
        found.reached.add(route)
        if "html" not in answer.get("Content-Type", ""):
            count[route] += 1
            continue
        markup = Markup(answer.content.decode())
        page = Page(role, address, route, answer.status_code)
        judge(page, markup)
        count[route] += 1
        yield page
        for link in markup.links():
            target = urldefrag(urljoin(address, link)).url
            if target.startswith("/") and target not in seen and worth(target, count):
                seen.add(target)
                waiting.append(target)


def judge(page: Page, markup: Markup) -> None:
    page.shape, page.title = markup.shape(), markup.title()
    page.faults += [f"en: {fault}" for fault in markup.faults()]
    if page.status >= 500:
        page.faults.append(f"answers {page.status}")


def worth(address: str, count: dict[str, int]) -> bool:
    """A route of the table, of which this role has not seen enough. Of filters and sortings one is taken."""
    route = route_of(address)
    if "?" in address:
        count[f"{route}?"] += 1
        return count[f"{route}?"] == 1 and count[route] < enough(route)
    return route in routes.table() and count[route] < enough(route)


def enough(route: str) -> int:
    return 1 if route.endswith(OF_ANY_ROW) else AT_MOST


def route_of(address: str) -> str:
    return route_of_path(urlsplit(address).path)


@cache
def route_of_path(path: str) -> str:
    try:
        return resolve(path).route or "/"
    except Resolver404:
        return "no such page"


def read_in(language: str, page: Page) -> None:
    """The same page in another language: its markup is valid there too, and it says which language and direction it has."""
    page.read_in.append(language)
    answer = browser_of(page.role, language).get(page.address, follow=True)
    if answer.status_code != page.status:
        page.faults.append(f"{language}: answers {answer.status_code}, in English {page.status}")
        return
    markup = Markup(answer.content.decode())
    page.faults += [f"{language}: {fault}" for fault in [*markup.faults(), *faults_of_language(markup, language)]]


def faults_of_language(markup: Markup, language: str) -> Iterator[str]:
    root = markup.document.query_one("html")
    direction = "rtl" if language.startswith("ar") else "ltr"
    if root.attrs.get("lang") != language or (root.attrs.get("dir") or "ltr") != direction:
        yield f"html has lang={root.attrs.get('lang')} dir={root.attrs.get('dir')}"


def same_titles(pages: list[Page]) -> None:
    """Two pages of one reader never have one title, but for a page and its own filters and errors."""
    by_title: dict[str, set[str]] = defaultdict(set)
    for page in pages:
        if page.status == 200:
            by_title[page.title].add(urlsplit(page.address).path)
    for page in pages:
        others = by_title.get(page.title, set()) - {urlsplit(page.address).path}
        if page.status == 200 and others:
            page.faults.append(f'title "{page.title}" is also that of {min(others)}')


def letters(role: str) -> Iterator[str]:
    """What only a letter leads to: the addresses in the letters this person got."""
    if role == VISITOR:
        yield from [f"/certificates/{row.number}/" for row in Certificate.objects.all()[:1]]
        yield from [reverse("ceremony:rsvp", args=[guest.token]) for guest in Guest.objects.all()[:2]]
    elif person := person_of(role):
        yield from addressed(person)
        for letter in Letter.objects.filter(person=person):
            for link in re.findall(r"https?://[^\s\"<>]+", letter.body):
                yield urlsplit(link).path


def addressed(person: Person) -> Iterator[str]:
    """Where the first of this person's questions, invitations and offers are, if the letters are not to be had."""
    rows = {
        "screening:clarification": Clarification.objects.filter(application__owner=person),
        "applications:invitation": Collaborator.objects.filter(email__iexact=person.email, removed_at=None),
        "ceremony:offer": Offer.objects.filter(laureate__application__owner=person),
    }
    for name, found in rows.items():
        yield from [reverse(name, args=[row.code]) for row in found.order_by("pk")[:1]]


def buttons() -> Iterator[str]:
    """A page for every button of the office, on the newest row that its table has."""
    for model, model_admin in admin.site._registry.items():
        row = model._default_manager.order_by("-pk").first()
        for name in getattr(model_admin, "verbs", dict)():
            if row is not None:
                yield reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=[row.pk])
