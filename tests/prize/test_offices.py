"""An office opens what its work needs, in its own prize, and nothing else."""

import pytest
from django.urls import reverse
from factories import applications as entries
from factories import prize as make
from stories.visitor import Forms

from applications import concluding, recusing
from applications.models import Recusal
from prize import governing
from prize.models import Organiser, Person, Prize


@pytest.fixture
def elsewhere(edition, at):
    """Another prize in the same house, with its own secretary Rosa."""
    harbour = Prize.objects.get(slug="harbour")
    Prize.objects.filter(pk=harbour.pk).update(slug="kept")
    other = make.make_edition(at, year=2031)
    Prize.objects.filter(pk=other.prize_id).update(name={"en": "Mountain Prize"}, slug="mountain")
    Prize.objects.filter(pk=harbour.pk).update(slug="harbour")
    type(other).objects.filter(pk=other.pk).update(name={"en": "Mountain Prize 2031"})
    return other


@pytest.fixture
def rosa(elsewhere):
    person = make.make_person("Rosa")
    make.make_office(elsewhere, person)
    return person


@pytest.fixture
def asked(edition, karim, at):
    """Karim asks for something that a second person has to approve."""
    content = {"stage": "call", "reason": "Enough."}
    return governing.ask(edition, "applications.close_call_early", content, title="A secret title", by=karim, at=at)


@pytest.fixture
def motion(promotion, hana, ines, karim, at):
    return governing.propose(promotion, "prize.adopt_rules", {"digest": "0"}, title="A secret title", by=karim, at=at)


TABLES_OF_THE_SECRETARIAT = (
    "prize_committee", "prize_meeting", "prize_motion", "prize_approval", "prize_prize", "prize_person", "prize_letter",
    "prize_ledgerentry", "prize_ledgerchain", "applications_recusal", "judges_judge", "judges_tally", "ceremony_laureate",
)  # fmt: skip
TABLES_TO_SCREEN = (
    "prize_edition", "prize_stage", "prize_city", "prize_organisation", "applications_application",
    "applications_submission", "applications_outcome", "screening_check", "screening_similarity",
)  # fmt: skip


def test_a_screening_officer_opens_what_screening_needs_and_no_other_table(sign_in, mio, asked, motion):
    browser = sign_in(mio)
    seen = {name: browser.get(reverse(f"admin:{name}_changelist")).status_code for name in TABLES_OF_THE_SECRETARIAT}
    assert set(seen.values()) == {403}, seen
    seen = {name: browser.get(reverse(f"admin:{name}_changelist")).status_code for name in TABLES_TO_SCREEN}
    assert set(seen.values()) == {200}, seen
    for address in (
        reverse("admin:prize_approval_change", args=[asked.pk]),
        reverse("admin:prize_approval_approve", args=[asked.pk]),
        reverse("admin:prize_motion_change", args=[motion.pk]),
        reverse("admin:prize_motion_resolve", args=[motion.pk]),
        reverse("admin:prize_letter_change", args=[motion.committee.edition.letters.get(person__name="Hana").pk]),
        reverse("admin:app_list", args=["ceremony"]),
    ):
        answer = browser.get(address)
        assert "A secret title" not in answer.text
        assert answer.status_code in (302, 403, 404), address


def test_a_screening_officers_home_names_nothing_that_is_not_theirs(client, sign_in, mio, karim, asked, motion):
    secretary = sign_in(karim).get("/admin/").text
    assert secretary.count("A secret title") == 2
    assert asked.digest[:8] in secretary
    client.logout()
    officer = sign_in(mio).get("/admin/").text
    assert "A secret title" not in officer
    assert asked.digest[:8] not in officer


def test_a_screening_officer_reads_later_outcomes_only_once_they_are_announced(sign_in, edition, karim, mio, amina, at):
    entry = entries.make_submitted(edition, amina, at=at)
    for slug in ("screening", "second"):
        concluding.conclude(entry, edition.stages.get(slug=slug), "advanced", by=karim, at=at)
    pages = [
        reverse("admin:applications_outcome_changelist"),
        reverse("admin:applications_application_change", args=[entry.pk]),
    ]
    browser = sign_in(mio)
    shown = lambda: [sorted({row.stage.slug for row in rows_of(browser.get(page))}) for page in pages]  # noqa: E731
    assert shown() == [["screening"], ["screening"]]
    concluding.announce(edition.stages.get(slug="second"), by=karim, at=at)
    assert shown() == [["screening", "second"], ["screening", "second"]]


def rows_of(page):
    if "cl" in page.context:
        return page.context["cl"].result_list
    sets = page.context["inline_admin_formsets"]
    return next(one.formset.queryset for one in sets if one.opts.model.__name__ == "Outcome")


def test_nobody_filters_by_the_far_end_of_a_relation(sign_in, edition, karim, mio, amina, at):
    entries.make_submitted(edition, amina, at=at)
    list_of_entries = reverse("admin:applications_application_changelist")
    for person in (mio, karim):
        browser = sign_in(person)
        for name in ("laureates", "outcomes", "recusals", "tally_lines", "assignments"):
            answers = [browser.get(list_of_entries, {f"{name}__isnull": value}) for value in ("0", "1")]
            assert [answer.status_code for answer in answers] in ([400, 400], [302, 302]), name


def test_a_person_who_stands_aside_reads_nothing_of_the_entry(sign_in, edition, karim, lena, mio, amina, at):
    entry = entries.make_application(edition, amina, at=at)
    attachment = entries.make_attached(entry, at=at)
    entries.submitting.submit(entry, by=amina, at=at)
    pages = [
        reverse("applications:file", args=[attachment.code]),
        reverse("admin:applications_application_change", args=[entry.pk]),
        reverse("admin:applications_submission_change", args=[entry.sealed.pk]),
    ]
    for officer in (mio, lena):
        browser = sign_in(officer)
        assert [browser.get(page).status_code for page in pages] == [200, 200, 200]
        recusing.stand_aside(entry, officer, Recusal.Ground.PROFESSIONAL, by=officer, at=at)
        assert [browser.get(page).status_code for page in pages] == [404, 302, 302]
        for listed in ("applications_application", "applications_submission"):
            assert entry.code not in browser.get(reverse(f"admin:{listed}_changelist")).text
    recusing.stand_aside(entry, amina, Recusal.Ground.OWN, by=karim, at=at)
    assert sign_in(amina).get(pages[0]).status_code == 200


# --- Another prize --------------------------------------------------------------------------------


def test_the_office_of_one_prize_has_no_part_in_another(sign_in, edition, rosa, asked, motion, at):
    browser = sign_in(rosa)
    for row in (asked, motion, motion.committee, edition, edition.stages.first(), edition.prize):
        name = f"{row._meta.app_label}_{row._meta.model_name}"
        assert browser.get(reverse(f"admin:{name}_change", args=[row.pk])).status_code == 302
        assert row not in list(browser.get(reverse(f"admin:{name}_changelist")).context["cl"].queryset)
    home = browser.get("/admin/").text
    assert "A secret title" not in home
    assert browser.get(reverse("admin:ceremony_award_workbench", args=[edition.pk])).status_code == 404


def test_two_offices_of_one_person_do_not_lend_each_other_rights(sign_in, edition, elsewhere, asked, at):
    rosa = make.make_person("Rosa")
    make.make_office(elsewhere, rosa)
    make.make_office(edition, rosa, Organiser.Role.SCREENING_OFFICER)
    browser = sign_in(rosa)
    assert browser.get(reverse("admin:prize_approval_change", args=[asked.pk])).status_code == 302
    stage = edition.stages.get(slug="call")
    page = reverse("admin:prize_stage_change", args=[stage.pk])
    assert browser.get(page).status_code == 200
    assert browser.post(page, {"name_en": "Mine"}).status_code == 403
    own = reverse("admin:prize_stage_change", args=[elsewhere.stages.get(slug="call").pk])
    assert 'name="_save"' in browser.get(own).text
    assert browser.get(reverse("admin:ceremony_award_workbench", args=[edition.pk])).status_code == 404


def test_no_office_edits_sign_in_addresses_or_second_factors(sign_in, karim):
    browser = sign_in(karim)
    for address in ("/admin/account/emailaddress/", "/admin/mfa/authenticator/", "/admin/auth/group/"):
        assert browser.get(address).status_code == 404
    assert not karim.has_perm("account.change_emailaddress")


def test_the_office_cannot_turn_a_colleagues_account_into_its_own(sign_in, karim, lena):
    page = reverse("admin:prize_person_change", args=[lena.pk])
    browser = sign_in(karim)
    form = {
        "name": "Lena",
        "native_name": "",
        "email": "karim@example.org",
        "country": "",
        "language": "en",
        "zone": "",
        "is_active": "on",
    }
    browser.post(page, form)
    assert Person.objects.get(pk=lena.pk).email == "lena@example.org"


def test_people_of_another_prize_are_neither_listed_nor_edited(
    sign_in, edition, elsewhere, rosa, karim, hana, amina, at
):
    entries.make_submitted(edition, amina, at=at)
    free = make.make_person("Nobody Yet")
    browser = sign_in(rosa)
    listed = set(browser.get(reverse("admin:prize_person_changelist")).context["cl"].result_list)
    assert listed == {rosa, free}
    for person in (amina, hana, karim):
        assert browser.get(reverse("admin:prize_person_change", args=[person.pk])).status_code == 302
    for part in ("hana", "Hana", "@"):
        choices = autocompleted(browser, part)
        assert "Hana" not in choices
    assert "Hana" in autocompleted(browser, "hana@example.org")


def autocompleted(browser, term):
    values = {"app_label": "prize", "model_name": "seat", "field_name": "person", "term": term}
    return browser.get("/admin/autocomplete/", values).text


def test_filters_and_choices_name_nothing_of_another_prize(sign_in, edition, elsewhere, rosa, promotion):
    Prize.objects.filter(pk=edition.prize_id).update(name={"en": "Harbour Prize"})
    type(edition).objects.filter(pk=edition.pk).update(name={"en": "Unmistakable 2030"})
    browser = sign_in(rosa)
    for name in (
        "prize_committee",
        "prize_category",
        "prize_stage",
        "applications_application",
        "ceremony_award",
        "judges_round",
    ):
        assert "Unmistakable" not in browser.get(reverse(f"admin:{name}_changelist")).text
    for name in ("prize_category", "prize_committee", "ceremony_occasion"):
        assert "Unmistakable" not in browser.get(reverse(f"admin:{name}_add")).text


def test_a_person_is_written_to_in_a_language_of_the_house(sign_in, karim, hana):
    page, browser = reverse("admin:prize_person_change", args=[hana.pk]), sign_in(karim)
    form = next(form for form in Forms(browser.get(page).text).found if "language" in form.names())
    refused = browser.post(page, form.values() | {"language": "klingon"})
    assert "Select a valid choice" in refused.text
    assert browser.post(page, form.values() | {"language": "ko"}).status_code == 302
    assert Person.objects.get(pk=hana.pk).language == "ko"
