"""Every letter of every app, to somebody whose name we know, to somebody without one, and to a mere address."""

from datetime import timedelta

import pytest
from django.conf import settings
from factories import applications as entries
from factories import ceremony as give
from factories import judges as judging
from factories import prize as make

from applications import concluding
from applications.models import Collaborator
from ceremony import offering
from ceremony.models import Benefit, Laureate
from judges.models import Assignment, AssignmentRun
from prize import governing, post
from prize.models import Letter, Meeting
from screening.models import Clarification

DAY = timedelta(days=1)


@pytest.fixture
def what_about(released, promotion, hana, karim, eve, at):
    """What each kind of letter is about, in an edition whose laureates are announced."""
    edition, first, last = released.edition, released.entries[0], released.entries[3]
    screened = [concluding.conclude(first, edition.stage("screening"), "advanced", by=karim, at=at)]
    screened += [concluding.conclude(last, edition.stage("screening"), "declined", by=karim, at=at)]
    for slug in ("screening", "second"):
        concluding.announce(edition.stages.get(slug=slug), by=karim, at=at)
    draft = entries.make_application(edition, at=edition.stage("call").opens_at + DAY)
    judge = judging.make_judge(edition, eve, by=karim, at=at, until="invited")
    run = AssignmentRun.objects.create(round=released.tally.round, inputs_digest="0", made_by=karim, made_at=at)
    Assignment.objects.create(
        round=run.round, run=run, application=first, judge=judge, assigned_at=at, assigned_by=karim
    )
    motion = governing.propose(promotion, "prize.close_stage", {"stage": "final"}, title="Close it", by=karim, at=at)
    meeting = Meeting.objects.create(
        committee=promotion, title={"en": "First session"}, starts_at=at, ends_at=at + DAY / 24, place="Room 4"
    )
    talk = Benefit.objects.create(edition=edition, key="talk", name={"en": "A talk", "ko": "강연"})
    laureate = Laureate.objects.get(place__award__key="gold")
    declined = last.outcomes.get(stage=edition.stage("final"))
    clarification = Clarification.objects.create(
        application=first, question="Who pays?", due_at=at + DAY, asked_by=karim, asked_at=at
    )
    collaborator = Collaborator.objects.create(
        application=draft, email="carla@example.org", invited_by=draft.owner, invited_at=at
    )
    guest = give.make_occasion(edition, at).guests.create(name="", email="zoe@example.org")
    silver = Laureate.objects.filter(place__award__key="silver").first()
    Laureate.objects.filter(pk=silver.pk).update(revoked_at=at, revoked_reason="The figures were invented.")
    return {
        "ceremony.revoked": {"laureate": silver.code},
        "prize.motion": {"motion": motion.code},
        "prize.meeting": {"meeting": meeting.code},
        "prize.no_account": {},
        "prize.account_exists": {},
        "prize.account_changed": {"what": "password_changed"},
        "applications.receipt": {"receipt": entries.last_receipt(first).receipt},
        "applications.collaboration": {"collaborator": collaborator.code},
        "applications.unsent": {"application": draft.code},
        "applications.extended": {"application": draft.code},
        "screening.clarification": {"clarification": clarification.code},
        "screening.advanced": {"outcome": screened[0].pk},
        "screening.declined": {"outcome": screened[1].pk},
        "judges.invitation": {"invitation": judge.invitation.code},
        "judges.briefing": {"meeting": judging.make_briefing(edition, by=karim, at=at).code},
        "judges.assigned": {"run": run.code, "judge": judge.code},
        "judges.decision": {"outcome": first.outcomes.get(stage__slug="second").pk},
        "ceremony.laureate": {"laureate": laureate.code},
        "ceremony.finalist": {"outcome": declined.pk},
        "ceremony.invitation": {"guest": guest.token},
        "ceremony.offer": {"offer": offering.offer(talk, laureate, by=karim, at=at).code},
    }


TO_AN_ACCOUNT = {"prize.confirm_address", "prize.new_password"}  # a link to one's own account goes to nobody else
TEMPLATES = sorted(settings.BASE_DIR.glob("templates/*/letters/*.txt"))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_only_the_greeting_says_dear(template):
    """It looks whether there is a name; a letter that greets by itself would one day greet a gap."""
    assert template.stem == "_greeting" or "Dear" not in template.read_text(encoding="utf-8")


def test_no_letter_greets_a_gap(what_about, promotion, edition, at):
    assert set(what_about) <= set(post.letters.all())
    nameless = make.make_person("", email="nobody@example.org")
    make.make_seat(promotion, nameless)
    for kind, about in what_about.items():
        readers = [{"person": nameless}, {"address": "zoe@example.org"}]
        for reader in readers[:1] if kind == "prize.motion" else readers:  # a vote belongs to a person
            for language, greeting in (("en", "Good day,"), ("ko", "안녕하십니까.")):
                row = Letter(kind=kind, edition=edition, language=language, about=about, queued_at=at, **reader)
                subject, body, _files = post.render(row)
                assert body.startswith(greeting), (kind, reader, body[:40])
                assert subject
                assert "None" not in subject + body


def test_a_letter_about_an_account_without_a_name_greets_no_gap_either(edition, at):
    nameless = make.make_person("", email="nobody@example.org")
    nameless.emailaddress_set.create(email=nameless.email, verified=False)
    for kind in TO_AN_ACCOUNT:
        row = Letter(kind=kind, person=nameless, language="en", about={"person": nameless.code}, queued_at=at)
        assert post.render(row)[1].startswith("Good day,"), kind


def test_a_name_is_written_as_it_is_and_the_text_is_never_markup(what_about, promotion, edition, at):
    person = make.make_person("Síle O'Brien & Co", email="sile@example.org")
    make.make_seat(promotion, person)
    greets_somebody_else = {"ceremony.invitation", "prize.no_account", "prize.account_exists"}
    for kind in set(what_about) - greets_somebody_else:
        row = Letter(kind=kind, edition=edition, language="en", about=what_about[kind], queued_at=at, person=person)
        assert post.render(row)[1].startswith("Dear Síle O'Brien & Co,"), kind


def test_a_korean_reader_gets_korean_dates_and_the_name_of_the_zones_city(what_about, edition, at):
    dated = ("prize.meeting", "ceremony.invitation", "ceremony.offer", "judges.briefing", "screening.clarification")
    for kind in dated:
        row = Letter(
            kind=kind, edition=edition, language="ko", about=what_about[kind], queued_at=at, address="a@b.example"
        )
        body = post.render(row)[1]
        assert f"{at:%Y}년" in body or f"{at + 30 * DAY:%Y}년" in body, (kind, body)
        assert "Asia/Seoul" not in body
