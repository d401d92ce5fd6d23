"""The one route by which an entry's files leave the house."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404

from applications import reading
from applications.dossiers import blind_name
from applications.models import Attachment
from prize.access import signed_in
from prize.requests import Request

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store, private",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@signed_in
def file(request: Request, code: str) -> FileResponse:
    """A file, to whoever may read it: always saved, never shown in the page. To a stranger there is no such file."""
    rows = Attachment.objects.select_related("application__edition__prize")
    found = get_object_or_404(rows, code=code)
    granted = reading.may_read(request.user, found, request.at)
    if granted is None:
        raise Http404
    name = blind_name(found.code, found.name) if granted == reading.Reading.BLIND else found.name
    try:
        stream = found.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(stream, as_attachment=True, filename=name, content_type=found.kind, headers=HEADERS)
