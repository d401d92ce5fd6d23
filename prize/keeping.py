"""What somebody typed into a page that could no longer be sent, because the session had ended: kept until the page is open again.

It lies in the visitor's own session, which signing in carries over, and leaves it when the form is sent.
"""

from urllib.parse import urlsplit

from django.http import HttpRequest, QueryDict

KEY = "typed"
MOST = 400_000  # characters, some ten times the longest form; a session is no place for more
PAGES = 5
AS_SAVED = "as-saved"  # in the address: show the page without what was kept
LEFT_OUT = {"csrfmiddlewaretoken", "password", "key"}


def page_of(request: HttpRequest) -> str:
    """The page on which the form stood that was sent here: often this address, sometimes the one before."""
    return urlsplit(request.headers.get("Referer", "")).path if is_from_here(request) else request.path


def is_from_here(request: HttpRequest) -> bool:
    """Whether one of our own pages sent this, as the browser says. A page elsewhere cannot make it say so."""
    origin, referer = request.headers.get("Origin", ""), request.headers.get("Referer", "")
    ours = (request.scheme, request.get_host())
    said = [urlsplit(address)[:2] for address in (origin, referer) if address]
    return bool(referer) and all(one == ours for one in said)


def keep(request: HttpRequest) -> bool:
    """Keep what was sent, for when its page is open again. False where there is nothing, or more than a session takes."""
    fields = {name: request.POST.getlist(name) for name in request.POST if name not in LEFT_OUT}
    if not fields or sum(len(text) for texts in fields.values() for text in texts) > MOST:
        return False
    others = {page: kept for page, kept in waiting(request).items() if page != page_of(request)}
    latest = dict(list(others.items())[1 - PAGES :])
    request.session[KEY] = latest | {page_of(request): fields}
    return True


def waiting(request: HttpRequest) -> dict[str, dict[str, list[str]]]:
    return request.session.get(KEY, {})


def typed(request: HttpRequest) -> QueryDict | None:
    """What was typed into this page and never arrived, as the form would have sent it."""
    if AS_SAVED in request.GET:
        let_go(request, request.path)
    kept = waiting(request).get(request.path) if request.method == "GET" else None
    if kept is None:
        return None
    found = QueryDict(mutable=True)
    for name, texts in kept.items():
        found.setlist(name, texts)
    return found


def let_go(request: HttpRequest, page: str = "") -> None:
    """The form is sent, or its writer does not want the text."""
    pages = waiting(request)
    if pages.pop(page or page_of(request), None) is not None:
        request.session[KEY] = pages
