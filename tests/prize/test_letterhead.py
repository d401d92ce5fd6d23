"""Every letter wears the name, logo and colours of the prize it speaks for, in colours that everybody can read."""

import re

import pytest
from django.core import mail
from django.utils import translation

from prize import brand, drawing, post
from prize.letterhead import Letterhead, lines
from prize.models import Edition, Letter, Prize

CIRCLE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4" fill="#6b0f8e"/></svg>'


@pytest.fixture
def posted(edition, hana, at):
    """``posted(edition)`` is the message of one letter of that edition."""

    def deliver(about=edition):
        row = post.queue("prize.account_exists", key=f"about {about.pk}", to=hana, edition=about, at=at)
        assert post.deliver(row.pk, at=at)
        return mail.outbox[-1]

    return deliver


def page_of(message):
    [(page, kind)] = message.alternatives
    assert kind == "text/html"
    return page


def picture_of(message):
    return next(part for part in message.message().walk() if part.get_content_type() == "image/png")


def test_two_prizes_on_one_site_each_sign_their_own_letters(posted, edition):
    Prize.objects.filter(pk=edition.prize_id).update(brand_colour="#004d40", accent_colour="#8e2a6b")
    edition.prize.refresh_from_db()
    prize = Prize.objects.create(
        slug="other", name={"en": "The Other Prize"}, brand_colour="#6b0f8e", accent_colour="#b42318", logo=CIRCLE
    )
    other = Edition.objects.create(prize=prize, year=2031, name={"en": "The Other Prize 2031"})
    first, second = posted(edition), posted(other)
    for message, prize, colours, foreign in (
        (first, edition.prize, ("#004d40", "#8e2a6b"), "#6b0f8e"),
        (second, other.prize, ("#6b0f8e", "#b42318"), "#004d40"),
    ):
        page = page_of(message)
        assert str(prize) in page
        assert all(colour in page for colour in colours)
        assert foreign not in page
        assert picture_of(message).get_payload(decode=True) == drawing.as_png(prize.emblem)
    assert picture_of(first).get_payload() != picture_of(second).get_payload()


def test_the_logo_comes_with_the_letter_and_nothing_is_fetched(posted):
    message = posted()
    page = page_of(message)
    [source] = re.findall(r'src="([^"]+)"', page)
    assert picture_of(message)["Content-ID"] == f"<{source.removeprefix('cid:')}>"
    assert message.message().get_content_type() == "multipart/related"
    assert "<style" not in page
    assert "url(" not in page


@pytest.mark.parametrize("main", ["#16285c", "#8b6f00", "#000000", "#b42318", "#00695c", ""])
def test_every_word_of_a_letter_is_readable_on_its_ground(main):
    prize = Prize(name={"en": "A prize"}, hosts={"en": "A city"}, contact_email="office@prize.example",
                  brand_colour=main, accent_colour=main and brand.nearest("#c8452d"))  # fmt: skip
    page = Letterhead(prize).page(
        Letter(language="en"), "Subject", "Dear Ines,\n\nSee https://prize.example/x/ and write."
    )
    colours = set(re.findall(r"(?<![-\w])color: (#[0-9a-f]{6})", page))
    grounds = set(re.findall(r"background-color: (#[0-9a-f]{6})", page)) - {
        shade for name, shade in Letterhead(prize).colours.items() if name in {"brand", "accent"}
    }
    assert grounds == {"#ffffff", "#f8f8f6"}
    assert len(colours) >= 3
    assert min(brand.contrast(colour, ground) for colour in colours for ground in grounds) >= 4.5


def test_a_letter_is_written_in_its_readers_direction():
    prize = Prize(name={"en": "A prize"})
    for language, direction in (("ko", "ltr"), ("ar", "rtl")):
        with translation.override(language):
            page = Letterhead(prize).page(Letter(language=language), "제목", "본문")
        assert f'<html lang="{language}" dir="{direction}">' in page


def test_what_somebody_wrote_stays_text_and_a_link_says_its_colour():
    said = lines("<b>Bold</b> & https://prize.example/a/?b=1&c=2\nwrite to office@prize.example", "#123456")
    assert "<b>" not in said
    assert "&lt;b&gt;" in said
    assert said.count('<a style="color: #123456" href="') == 2
    assert said.count("<br>") == 1


def test_a_letter_about_an_account_wears_what_the_pages_of_accounts_wear(edition, amina, at):
    Prize.objects.filter(pk=edition.prize_id).update(brand_colour="#004d40", accent_colour="#8e2a6b")
    row = post.queue("prize.account_exists", key="once", to=amina, at=at)
    assert post.deliver(row.pk, at=at)
    assert "#004d40" in page_of(mail.outbox[-1])
