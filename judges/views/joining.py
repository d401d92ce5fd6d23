"""The way in: invitation, pledge, briefing, declaration of interests."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from judges import briefing as briefings
from judges import declaring, policy, recruiting
from judges.forms import AnswerForm, DeclarationForm, PledgeForm
from judges.models import Declaration, Invitation, Judge, Pledge, Round
from prize.access import seated, signed_in
from prize.governing import Refused
from prize.models import Attendance, Meeting
from prize.requests import Request


def my_judgeship(request: Request) -> Judge:
    """The signed-in person's part in the newest edition that has one."""
    mine = Judge.objects.of(request.user).select_related("edition__prize", "person")
    judge = mine.order_by("-edition__year", "-edition_id").first()
    if judge is None:
        raise Http404
    return judge


def onward(judge: Judge) -> HttpResponse:
    """To the next step of the way in, or to the entries."""
    step = policy.next_step(judge)
    if step is None or not (step.argument or step.key in ("pledge", "declaration")):
        return redirect("judges:entries")
    return redirect(step.view, *([step.argument] if step.argument else []))


def surroundings(judge: Judge) -> dict:
    return {"judge": judge, "edition": judge.edition, "steps": policy.steps(judge)}


@signed_in
def invitation(request: Request, code: str) -> HttpResponse:
    found = get_object_or_404(
        Invitation.objects.select_related("judge__edition__prize"), code=code, judge__person=request.user
    )
    rounds = Round.objects.filter(stage__edition=found.judge.edition).select_related("stage").order_by("stage__order")
    values = {**surroundings(found.judge), "invitation": found, "rounds": rounds, "form": AnswerForm()}
    return render(request, "judges/invitation.html", values)


@require_POST
@signed_in
def answer(request: Request, code: str) -> HttpResponse:
    found = get_object_or_404(
        Invitation.objects.select_related("judge__edition"), code=code, judge__person=request.user
    )
    form = AnswerForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Accept or decline the invitation."))
    said, note = form.cleaned_data["answer"], form.cleaned_data["note"]
    recruiting.answer(found, said, by=request.user, at=request.at, note=note)
    if said == Invitation.Answer.DECLINED:
        messages.success(request, _("Thank you for answering. We are sorry, and hope to ask you again."))
        return redirect("desk")
    messages.success(request, _("Thank you. You are a judge of this edition; these are the next steps."))
    return onward(found.judge)


@seated("jury")
def pledge(request: Request) -> HttpResponse:
    judge = my_judgeship(request)
    signed = Pledge.objects.filter(judge=judge).first()
    form = PledgeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            recruiting.sign_pledge(judge, signed_as=form.cleaned_data["signed_as"], by=request.user, at=request.at)
        except Refused as refusal:
            form.add_error("signed_as", str(refusal))
        else:
            messages.success(request, _("Your pledge is signed and kept."))
            return onward(judge)
    text = signed.text if signed else recruiting.pledge_text(judge)
    values = {**surroundings(judge), "form": form, "signed": signed, "text": text}
    return render(request, "judges/pledge.html", values, status=422 if form.errors else 200)


@seated("jury")
def briefing(request: Request, code: str) -> HttpResponse:
    judge, meeting = my_judgeship(request), briefing_or_404(request, code)
    confirmed = Attendance.objects.filter(meeting=meeting, seat__person=request.user).first()
    values = {**surroundings(judge), "meeting": meeting, "confirmed": confirmed}
    return render(request, "judges/briefing.html", values)


@require_POST
@seated("jury")
def attendance(request: Request, code: str) -> HttpResponse:
    briefings.confirm(briefing_or_404(request, code), by=request.user, at=request.at)
    messages.success(request, _("Recorded: you have been briefed."))
    return onward(my_judgeship(request))


def briefing_or_404(request: Request, code: str) -> Meeting:
    mine = Meeting.objects.filter(
        purpose=Meeting.Purpose.BRIEFING, committee__seats__person=request.user, committee__seats__left_at=None
    )
    return get_object_or_404(mine.select_related("committee__edition__prize"), code=code)


@seated("jury")
def declaration(request: Request) -> HttpResponse:
    judge = my_judgeship(request)
    declared = Declaration.objects.filter(judge=judge).prefetch_related("conflicts__organisation").first()
    listed = declaring.organisations_listed(judge.edition)
    form = DeclarationForm(request.POST if request.method == "POST" else None, organisations=listed)
    if request.method == "POST" and form.is_valid():
        declaring.declare(judge, form.cleaned_data["organisations"], by=request.user, at=request.at)
        messages.success(request, _("Your declaration is kept. Thank you."))
        return onward(judge)
    values = {
        **surroundings(judge),
        "form": form,
        "declared": declared,
        "pledged": Pledge.objects.filter(judge=judge).exists(),
    }
    return render(request, "judges/declaration.html", values, status=422 if form.errors else 200)
