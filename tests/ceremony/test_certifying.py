import hashlib
import re
import unicodedata
from datetime import UTC, datetime
from io import BytesIO

import pytest
from factories import ceremony as give
from factories import prize as make
from pypdf import PdfReader

from ceremony import announcing, certifying, conferring
from ceremony.models import Certificate, Laureate
from prize import brand, governing
from prize.governing import Refused


def words_of(content):
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    return "".join(unicodedata.normalize("NFC", text).split())


def squeezed(text):
    return "".join(unicodedata.normalize("NFC", text).split())


@pytest.fixture
def named(edition, promotion, karim, carried, at):
    """``named(name, native_name, title)`` is a laureate of that name."""

    def make_laureate(name, native_name="", title="A project"):
        body = make.make_organisation(name, native_name=native_name)
        entries = give.make_finalists(
            edition, [make.make_person("Xenia")], by=karim, at=at, organisation=body, title=title
        )
        give.make_tree(edition)
        give.make_tally(edition, {entries[0]: 1}, at=at)
        carried(conferring.propose(edition, by=karim, at=at), at)
        return Laureate.objects.get()

    return make_laureate


@pytest.mark.parametrize(
    ("name", "native_name", "title"),
    [
        ("City of Harbour", "", "A bank of hours"),
        ("Łódź, Ærøskøbing and São João", "", "Tramvaj pro všechny: ñandú, Çınar & Đà Nẵng"),
        ("Haneul City", "하늘시 디지털포용과", "골목길 음성 안내 표지판: 시각장애인과 함께"),
        ("#set *bold* $x^2$ _it_ @ref \\ `raw`", "", '"quoted" <label> // comment /* open'),
    ],
)
def test_the_paper_says_what_the_sealed_row_says(named, karim, at, name, native_name, title):
    laureate = named(name, native_name, title)
    certificate = certifying.make(laureate, by=karim, at=at)
    content = certificate.file.read()
    text = words_of(content)
    award = laureate.place.award.full_name
    for said in (name, native_name, title, award.in_language("en"), award.in_language("ko"), certificate.number):
        assert squeezed(said) in text
    assert certificate.sha256 == hashlib.sha256(content).hexdigest()
    assert len(PdfReader(BytesIO(content)).pages) == 1


def test_a_very_long_name_stays_on_one_page_and_whole(named, karim, at):
    name = "The International Association for the Advancement of Inclusive Public Services " * 3
    laureate = named(
        name.strip(), "북부와 남부 호수 지역의 포용적 공공 서비스 진흥을 위한 국제 협회 " * 3, "A long title " * 15
    )
    content = certifying.make(laureate, by=karim, at=at).file.read()
    assert len(PdfReader(BytesIO(content)).pages) == 1
    assert squeezed(name) in words_of(content)


def test_a_script_the_fonts_lack_is_left_off_the_paper(named, karim, at):
    laureate = named("Tokyo Bay", "東京湾", "A bridge")
    text = words_of(certifying.make(laureate, by=karim, at=at).file.read())
    assert "TokyoBay" in text
    assert "東" not in text


def test_the_citation_is_printed_in_the_languages_it_was_written_in(named, karim, at):
    laureate = named("Haneul City", "하늘시", "골목길 음성 안내")
    english = "For signs that speak, and for the O'Brien family's patience."
    conferring.cite(laureate, {"en": english, "ko": "말하는 표지판을 만든 공로로."}, by=karim, at=at)
    text = words_of(certifying.make(laureate, by=karim, at=at).file.read())
    assert squeezed(english) in text
    assert squeezed("말하는 표지판을 만든 공로로.") in text
    with pytest.raises(Refused, match="printed on the certificate"):
        conferring.cite(laureate, {"en": "For something else."}, by=karim, at=at)
    laureate.citation.refresh_from_db()
    assert laureate.citation.text["en"] == english


def test_the_paper_is_dated_in_both_languages(named, edition, karim, at):
    give.make_occasion(edition, datetime(2031, 5, 4, 3, tzinfo=UTC) - 5 * give.DAY)
    text = words_of(certifying.make(named("Haneul City"), by=karim, at=at).file.read())
    assert squeezed("4 May 2031") in text
    assert squeezed("2031년 5월 4일") in text


@pytest.mark.parametrize(("main", "accent"), [("#004d40", "#8e2a6b"), ("", "")])
def test_the_paper_wears_the_prizes_colours_and_gold_without_them(named, edition, karim, at, main, accent):
    type(edition.prize).objects.update(brand_colour=main, accent_colour=accent)
    content = certifying.make(named("Haneul City"), by=karim, at=at).file.read()
    drawn = PdfReader(BytesIO(content)).pages[0].get_contents().get_data().decode("latin-1")
    used = {tuple(map(float, found)) for found in re.findall(r"([\d.]+) ([\d.]+) ([\d.]+) (?:scn|SCN|rg|RG)\b", drawn)}
    seen = {brand.written(colour) for colour in used}
    assert ({main, accent} if main else {certifying.GOLD}) <= seen
    assert (certifying.GOLD in seen) is not bool(main)


def test_a_language_in_which_the_edition_has_no_name_is_not_printed(named, edition, karim, at):
    laureate = named("Haneul City")
    laureate.edition.name = {"en": "Harbour Prize 2030"}
    laureate.edition.save()
    laureate.refresh_from_db()
    text = words_of(certifying.make(laureate, by=karim, at=at).file.read())
    assert text.count("HarbourPrize2030") == 1
    assert "상" not in text


def test_a_new_language_stands_on_the_paper_as_soon_as_the_edition_has_a_name_in_it(french, named, edition, karim, at):
    edition.name = {**edition.name, "fr": "Prix du port 2030"}
    edition.save()
    text = words_of(certifying.make(named("Haneul City"), by=karim, at=at).file.read())
    for said in ("Certificat de prix", "Prix du port 2030", "Certificate of award", "Harbour Prize 2030"):
        assert squeezed(said).lower() in text.lower()


def test_four_languages_and_long_words_stay_on_one_page(named, edition, settings, karim, at):
    settings.LANGUAGES = [(code, code) for code in ("en", "de", "fr", "ko")]
    edition.name = {
        code: f"{code} The long name of a prize for all the cities of the world 2030"
        for code in ("en", "de", "fr", "ko")
    }
    edition.save()
    laureate = named("The International Association of Inclusive Public Services " * 3, title="A long title " * 15)
    conferring.cite(
        laureate,
        {code: f"{code} " + "for this and for that " * 11 for code in ("en", "de", "fr", "ko")},
        by=karim,
        at=at,
    )
    content = certifying.make(Laureate.objects.get(), by=karim, at=at).file.read()
    assert len(PdfReader(BytesIO(content)).pages) == 1
    assert all(f"{code}Thelongname" in words_of(content) for code in ("en", "de", "fr", "ko"))


def test_numbers_follow_the_order_of_the_awards_and_are_given_once(conferred, karim, at):
    assert certifying.make_all(conferred.edition, by=karim, at=at) == 4
    assert certifying.make_all(conferred.edition, by=karim, at=at) == 0
    numbers = Certificate.objects.order_by("number").values_list("number", "laureate__place__award__key")
    assert list(numbers) == [
        ("harbour-2030-001", "gold"), ("harbour-2030-002", "silver"), ("harbour-2030-003", "silver"),
        ("harbour-2030-004", "best-company"),
    ]  # fmt: skip


def test_only_the_secretariat_makes_certificates(conferred, mio, at):
    with pytest.raises(Refused, match="Only the secretariat"):
        certifying.make(Laureate.objects.first(), by=mio, at=at)


def test_the_stored_path_tells_nothing(conferred, karim, at):
    certificate = certifying.make(Laureate.objects.first(), by=karim, at=at)
    for word in ("harbour", "001", "City", certificate.laureate.code):
        assert word not in certificate.file.name


def test_a_certificate_can_be_checked_by_anybody_after_the_release_and_by_nobody_before(
    conferred, karim, lena, at, client
):
    certificate = certifying.make(Laureate.objects.first(), by=karim, at=at)
    page = f"/certificates/{certificate.number}/"
    assert client.get(page).status_code == 404
    approval = announcing.ask_release(conferred.edition, by=karim, at=at)
    governing.approve(approval, approval.digest, by=lena, at=at)
    text = client.get(page).content.decode()
    for said in (certificate.number, "City of Amina", "People · Gold", certificate.sha256):
        assert said in text
    assert client.get("/certificates/harbour-2030-999/").status_code == 404


def test_who_may_fetch_the_file_and_when(conferred, karim, lena, mio, hana, amina, bruno, at, sign_in):
    certificate = certifying.make(Laureate.objects.get(place__award__key="gold"), by=karim, at=at)
    page = f"/certificates/{certificate.number}/file/"

    def fetches():
        return {person.name: sign_in(person).get(page).status_code for person in (karim, lena, mio, hana, amina, bruno)}

    nobody = {"Karim": 200, "Lena": 200, "Mio": 404, "Hana": 404, "Amina": 404, "Bruno": 404}
    assert fetches() == nobody
    approval = announcing.ask_release(conferred.edition, by=karim, at=at)
    governing.approve(approval, approval.digest, by=lena, at=at)
    assert fetches() == nobody | {"Amina": 200}


def test_a_file_changed_on_disk_is_named_by_the_audit(conferred, karim, at, breaches):
    certificate = certifying.make(Laureate.objects.first(), by=karim, at=at)
    assert breaches() == []
    with certificate.file.storage.open(certificate.file.name, "wb") as file:
        file.write(b"another paper")
    assert breaches() == [certificate.number]
