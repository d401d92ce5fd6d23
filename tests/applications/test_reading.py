"""Who reads what: dossiers from the seal, recusals subtracted, files by the reader's part."""

import pytest
from factories.applications import ANSWERS, make_application, make_attached, make_submitted
from factories.prize import make_organisation

from applications import drafting, lifecycle, reading, recusing, submitting
from applications.dossiers import NotSealed, dossier_for
from applications.models import Application
from applications.reading import Reading
from prize.models import LedgerEntry


@pytest.fixture
def entry(edition, amina, at):
    body = make_organisation("Bergen kommune")
    found = make_application(edition, amina, at=at, organisation=body)
    make_attached(found, at=at, name="report of Bergen.pdf")
    submitting.submit(found, by=amina, at=at)
    return found


def everything_in(dossier):
    answers = [answer for section in dossier.sections for answer in section.answers]
    files = [file.name for answer in answers for file in answer.files]
    return " ".join(
        [dossier.title, dossier.organisation, dossier.city, dossier.country, *files] + [a.value for a in answers]
    )


def test_a_full_dossier_has_all_that_was_answered_but_the_consents(entry):
    dossier = dossier_for(entry, blind=False)
    assert [answer.key for section in dossier.sections for answer in section.answers] == [
        "summary", "domain", "budget", "organisation", "evidence_file",
    ]  # fmt: skip
    assert (dossier.organisation, dossier.city, dossier.country) == ("Bergen kommune", "Bergen", "NO")
    assert dossier.answer("domain") == "Mobility"
    assert dossier.answer("summary") == ANSWERS["summary"]


def test_a_blind_dossier_names_neither_applicant_nor_place_nor_file(entry):
    dossier = dossier_for(entry, blind=True)
    text = everything_in(dossier)
    for secret in ("Bergen", "kommune", "NO", "Harbour city", "report"):
        assert secret not in text
    assert dossier.answer("organisation") == ""
    assert dossier.answer("summary") == ANSWERS["summary"]


def test_a_dossier_speaks_the_readers_language(entry):
    from django.utils import translation

    with translation.override("ko"):
        assert dossier_for(entry, blind=True).sections[0].title == "사업"


def test_what_the_applicant_wrote_is_marked_as_their_language_and_what_the_form_offers_is_not(entry):
    answers = {
        answer.key: answer.language for part in dossier_for(entry, blind=False).sections for answer in part.answers
    }
    assert (answers["summary"], answers["organisation"]) == ("en", "en")
    assert (answers["domain"], answers["budget"], answers["evidence_file"]) == ("", "", "")


def test_a_dossier_is_read_from_the_seal_and_not_from_what_is_being_written(entry, amina, at):
    lifecycle.reopen(entry, by=amina, at=at)
    drafting.save(entry, {"summary": "Quite another text about it."}, version=entry.version, by=amina, at=at)
    assert dossier_for(Application.objects.get(), blind=False).answer("summary") == ANSWERS["summary"]


def test_of_a_draft_there_is_no_dossier(edition, amina, at):
    with pytest.raises(NotSealed):
        dossier_for(make_application(edition, amina, at=at), blind=False)


def test_who_stands_aside_no_longer_finds_the_entry_until_it_is_lifted(edition, entry, bruno, eve, at):
    other = make_submitted(edition, bruno, at=at)
    recusal = recusing.stand_aside(entry, eve, "personal", by=eve, at=at, note="An old friend.")
    assert recusing.stand_aside(entry, eve, "employer", by=eve, at=at) == recusal
    assert list(Application.objects.submitted().not_recused(eve)) == [other]
    assert recusing.lift(recusal, by=eve, at=at)
    assert not recusing.lift(recusal, by=eve, at=at)
    assert set(Application.objects.submitted().not_recused(eve)) == {entry, other}
    deeds = LedgerEntry.objects.filter(act__startswith="recusal").values_list("act", "facts")
    assert list(deeds) == [("recusal.declared", {"ground": "personal"}), ("recusal.lifted", {})]


def test_who_may_read_files_is_a_writer_or_the_office_and_nobody_else(
    entry, edition, amina, bruno, eve, karim, mio, at
):
    readings = {person.name: reading.reading_of(person, entry, at) for person in (amina, bruno, eve, karim, mio)}
    assert readings == {
        "Amina": Reading.WRITING,
        "Bruno": None,
        "Eve": None,
        "Karim": Reading.FULL,
        "Mio": Reading.FULL,
    }


def test_a_file_added_after_sealing_is_the_writers_only(entry, amina, karim, at):
    lifecycle.reopen(entry, by=amina, at=at)
    later = make_attached(entry, at=at, name="later.pdf")
    assert reading.may_read(amina, later, at) == Reading.WRITING
    assert reading.may_read(karim, later, at) is None


def test_a_higher_app_adds_its_readers_by_name(entry, eve, at, monkeypatch):
    sealed = entry.attachments.get()
    reading.readers.all()
    monkeypatch.setitem(reading.readers.found, "tests.eve", lambda person, application, at: Reading.BLIND)
    assert reading.may_read(eve, sealed, at) == Reading.BLIND


def test_consents_count_as_they_were_sealed_last(edition, entry, amina, bruno, at):
    make_submitted(edition, bruno, at=at, answers={**ANSWERS, "consent_partners": False})
    assert list(Application.objects.submitted().consenting("consent_partners")) == [entry]
    lifecycle.reopen(entry, by=amina, at=at)
    drafting.save(entry, {"consent_partners": False}, version=entry.version, by=amina, at=at)
    assert list(Application.objects.consenting("consent_partners")) == [entry]
    submitting.submit(entry, by=amina, at=at)
    assert not Application.objects.consenting("consent_partners").exists()
