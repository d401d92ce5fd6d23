"""What the house keeps of those who enter, and what they agree to."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from applications.models import Question
from prize.access import public
from prize.views.public import edition_or_404


@public("who asks for data says in public what becomes of it")
def privacy(request: HttpRequest) -> HttpResponse:
    edition = edition_or_404()
    asked = Question.objects.filter(kind=Question.Kind.CONSENT, section__form__edition=edition).order_by(
        "section", "order"
    )
    consents = {question.key: question for question in asked}  # every form asks the same; each is told once
    return render(request, "applications/privacy.html", {"consents": consents.values()})
