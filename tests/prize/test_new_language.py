"""A new language is one catalogue and no code: pages, forms and letters follow from a folder, as the certificate does."""

import os
import subprocess
import sys

from django.core import mail
from django.utils import translation
from factories.languages import FRENCH, add_language, write_catalogue

from prize import languages, mirrored, post


def test_the_settings_find_the_catalogues_of_a_folder_named_in_the_environment(tmp_path):
    write_catalogue(tmp_path, "fr", FRENCH)
    write_catalogue(tmp_path, "zh_Hans", FRENCH)
    (tmp_path / "de" / "LC_MESSAGES").mkdir(parents=True)  # begun, and not compiled
    asked = "from django.conf import settings; print(*(code for code, _name in settings.LANGUAGES))"
    surroundings = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "prize.settings",
        "LOCALES": str(tmp_path),
        "PRIZE_VAR": str(tmp_path),
    }
    surroundings.pop("MIRRORED_LANGUAGE", None)
    said = subprocess.run([sys.executable, "-c", asked], env=surroundings, capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["en", "fr", "ko", "zh-hans"]


def test_a_language_is_called_by_its_name_in_the_readers_language(french):
    with translation.override("ko"):
        assert [str(name) for _code, name in languages.choices()] == ["영어", "프랑스어", "한국어"]


def test_a_language_that_django_does_not_know_says_its_own_name(tmp_path, settings, client, edition):
    write_catalogue(
        tmp_path,
        "mi",
        {"": mirrored.HEADER + "X-Language-Name: te reo Māori\n", "Skip to the content": "Ki te ihirangi"},
    )
    add_language(settings, tmp_path)
    page = client.get("/", headers={"Accept-Language": "mi"}).text
    assert "te reo Māori</button>" in page
    assert "Ki te ihirangi" in page


def test_pages_speak_it_and_offer_it(french, client, edition):
    page = client.get("/", headers={"Accept-Language": "fr"}).text
    assert '<html lang="fr" dir="ltr">' in page
    assert "Aller au contenu" in page
    assert 'value="fr" lang="fr" aria-current="true">français</button>' in page
    client.post("/language/", {"language": "fr", "next": "/call/"})
    assert "Appel à candidatures" in client.get("/call/").text


def test_the_office_writes_in_it_and_an_applicant_may_choose_it(french, sign_in, karim, amina, edition):
    page = sign_in(karim).get(f"/admin/prize/edition/{edition.pk}/change/").text
    assert 'lang="fr" aria-label="French"' in page
    form = sign_in(amina).get("/entries/new/?category=people").text
    assert '<option value="fr">French</option>' in form


def test_letters_are_written_in_it(french, amina, edition, at):
    amina.language = "fr"
    row = post.queue("prize.account_exists", key="once", to=amina, at=at)
    assert post.deliver(row.pk, at=at)
    letter = mail.outbox[-1]
    assert letter.subject == "Vous avez déjà un compte"
    assert '<html lang="fr" dir="ltr">' in letter.alternatives[0][0]
