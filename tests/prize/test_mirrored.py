"""The made-up language from right to left says everything, and keeps what a program puts in."""

import gettext

from django.conf import settings

from prize import mirrored


def catalogue(tmp_path) -> gettext.GNUTranslations:
    mirrored.write(settings.LOCALE_PATHS[0], tmp_path)
    with (tmp_path / "ar_XB" / "LC_MESSAGES" / "django.mo").open("rb") as stream:
        return gettext.GNUTranslations(stream)


def test_it_is_not_offered_to_readers():
    assert [code for code, _name in settings.LANGUAGES] == ["en", "ko"]


def test_every_text_that_is_translated_is_mirrored_in_other_letters(tmp_path):
    made = catalogue(tmp_path)
    assert made.gettext("Skip to the content") == "سقيپ تو تحه كونتهنت"


def test_placeholders_and_tags_stay_as_they_are():
    assert mirrored.mirror('<a href="%(url)s">Entry %(code)s</a> of {count}').count("%(") == 2
    assert mirrored.mirror("<b>%(count)s</b>") == "<b>%(count)s</b>"


def test_one_and_many_are_both_there(tmp_path):
    known = catalogue(tmp_path)._catalog
    pairs = {key[0] for key in known if isinstance(key, tuple)}
    assert pairs
    assert all(known[name, 0] and known[name, 1] for name in pairs)
