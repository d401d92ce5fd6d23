"""The committee's pages: what is before it, and one motion at a time."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from icalendar import Calendar, Event

from prize import convening, governing, policy
from prize.access import seated, signed_in
from prize.confirming import confirmed
from prize.requests import Request

GOVERNING = ("promotion", "partner")


@seated(*GOVERNING)
def committee(request: Request) -> HttpResponse:
    motions = policy.motions_for(request.user)
    values = {
        "pending": motions.pending(),
        "resolved": motions.exclude(resolved_at=None),
        "meetings": policy.meetings_for(request.user),
        "seats": request.user.seats.filter(left_at=None).select_related("committee"),
    }
    return render(request, "prize/committee.html", values)


@seated(*GOVERNING)
def motion(request: Request, code: str) -> HttpResponse:
    found = get_object_or_404(policy.motions_for(request.user), code=code)
    aside = governing.stands_aside(found, request.user)
    described = governing.acts.get(found.act).describe(found.content, found.committee.edition)
    values = {
        "motion": found,
        "aside": aside,
        "sentences": [] if aside else described,
        "papers": []
        if aside
        else governing.acts.get(found.act).papers(found.content, found.committee.edition, request.user),
        "cautions": [] if aside or found.resolved_at else governing.acts.get(found.act).cautions(found),
        "problems": governing.voting_problems(found, request.user),
        "mine": found.votes.filter(seat__person=request.user).first(),
        "votes": found.votes.select_related("seat__person") if found.resolved_at else [],
        "count": governing.count(found),
        "presides": not aside and policy.presides(request.user, found.committee),
    }
    return render(request, "prize/motion.html", values)


@require_POST
@seated(*GOVERNING)
def vote(request: Request, code: str) -> HttpResponse:
    found = get_object_or_404(policy.motions_for(request.user), code=code)
    governing.vote(found, request.POST.get("choice", ""), by=request.user, at=request.at)
    messages.success(request, _("Your vote is recorded."))
    return redirect("motion", code=code)


@require_POST
@seated(*GOVERNING)
@confirmed
def resolution(request: Request, code: str) -> HttpResponse:
    found = get_object_or_404(policy.motions_for(request.user), code=code)
    found = governing.resolve(found, by=request.user, at=request.at)
    messages.success(request, _("The motion is %(result)s.") % {"result": found.get_result_display()})
    return redirect("motion", code=code)


@signed_in
def meeting(request: Request, code: str) -> HttpResponse:
    found = get_object_or_404(policy.meetings_for(request.user), code=code)
    replies = found.replies.select_related("seat__person")
    values = {
        "meeting": found,
        "attendances": found.attendances.select_related("seat__person"),
        "coming": [reply for reply in replies if reply.comes],
        "declined": sum(not reply.comes for reply in replies),
        "mine": next((reply for reply in replies if reply.seat.person_id == request.user.pk), None),
        "may_answer": request.at < found.starts_at,
    }
    return render(request, "prize/meeting.html", values)


@require_POST
@signed_in
def reply(request: Request, code: str) -> HttpResponse:
    """Whether one comes to the meeting."""
    found = get_object_or_404(policy.meetings_for(request.user), code=code)
    said = convening.answer(found, comes=request.POST.get("comes") == "yes", by=request.user, at=request.at)
    messages.success(request, _("Thank you: you are expected.") if said.comes else _("Thank you for telling us."))
    return redirect("meeting", code=code)


@signed_in
def meeting_calendar(request: Request, code: str) -> HttpResponse:
    """The meeting as a calendar file, in UTC so that no calendar has to know our zone."""
    found = get_object_or_404(policy.meetings_for(request.user), code=code)
    event = Event()
    event.add("uid", f"{found.code}@prize")
    event.add("summary", str(found.title))
    event.add("dtstart", found.starts_at)
    event.add("dtend", found.ends_at)
    event.add("dtstamp", request.at)
    event.add("location", found.place)
    calendar = Calendar()
    calendar.add("prodid", "-//Prize//")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")
