"""Files of an entry: taken after a look at their content, and never deleted while a sealed submission names them."""

import hashlib
from datetime import datetime

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils.translation import gettext as _

from applications.inspecting import Unacceptable, inspect
from applications.lifecycle import hold, require_editable
from applications.models import Application, Attachment, Question
from prize.governing import Refused
from prize.models import Person


@transaction.atomic
def attach(
    application: Application, question: Question, *, name: str, content: bytes | File, by: Person, at: datetime
) -> Attachment:
    """Add a file as an answer to a question that asks for files."""
    data = content if isinstance(content, bytes) else content.read(settings.ATTACHMENT_LIMIT + 1)
    safe, kind = inspect(name, data)
    hold(application)
    require_room(application, question, by, at)
    attachment = Attachment(
        application=application,
        question=question,
        name=safe,
        kind=kind,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        added_at=at,
        added_by=by,
    )
    attachment.file.save(safe, ContentFile(data), save=False)
    attachment.save()
    Application.objects.filter(pk=application.pk).update(changed_at=at)
    return attachment


def require_room(application: Application, question: Question, by: Person, at: datetime) -> None:
    require_editable(application, by, at)
    if question.kind != Question.Kind.FILE:
        raise Refused(_("This question does not ask for a file."))
    count = application.attachments.filter(question=question, removed_at=None).count()
    if count >= question.max_files:
        text = _("There are %(count)s files already, the most that this question takes. Remove one first.")
        raise Unacceptable(text % {"count": count})


@transaction.atomic
def detach(attachment: Attachment, *, by: Person, at: datetime) -> bool:
    """Take a file off the draft. Its bytes stay, because a sealed submission may name them."""
    application = hold(attachment.application)
    require_editable(application, by, at)
    gone = Attachment.objects.filter(pk=attachment.pk, removed_at=None).update(removed_at=at)
    Application.objects.filter(pk=application.pk).update(changed_at=at)
    return bool(gone)
