"""A prize shows its own colours and logo, in colours that everybody can read."""

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from prize import brand, branding, rulebook
from prize.models import Prize

CIRCLE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4" fill="#16285c"/></svg>'


@pytest.fixture
def prize(edition):
    Prize.objects.filter(pk=edition.prize_id).update(brand_colour="#004d40", accent_colour="#8e2a6b", logo=CIRCLE)
    return Prize.objects.get(pk=edition.prize_id)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21), ("#767676", "#ffffff", 4.54), ("#ffffff", "#ffffff", 1), ("#0000ff", "#ffffff", 8.59)],
)
def test_contrast_is_that_of_wcag(one, other, ratio):
    assert brand.contrast(one, other) == brand.contrast(other, one) == pytest.approx(ratio, abs=0.005)


@pytest.mark.parametrize("colour", ["#ffcc00", "#00ff00", "#ff69b4", "#ffffff", "#87ceeb", "#808080"])
def test_the_nearest_shade_is_readable_and_the_next_lighter_one_is_not(colour):
    found = brand.nearest(colour)
    assert brand.readable(found)
    assert not brand.readable(brand.shifted(found, 0.006))


@pytest.mark.parametrize("main", ["#16285c", "#8b6f00", "#000000", "#b42318", "#00695c", "#6b0f8e"])
def test_every_shade_made_from_a_readable_colour_is_readable_where_it_stands(main):
    shades = brand.palette(main, brand.nearest("#c8452d"))
    for time, grounds in ((0, (brand.WHITE, brand.WASH)), (1, (brand.NIGHT, brand.NIGHT_WASH))):
        for name in ("brand", "brand-2", "accent"):
            assert min(brand.contrast(shades[name][time], ground) for ground in grounds) >= 4.5, (name, time)
        for name in ("brand", "brand-2"):
            assert brand.contrast(shades[name][time], shades["brand-wash"][time]) >= 4.5, (name, time)
        for button in ("brand", "brand-hover"):
            assert brand.contrast(shades[button][time], shades["on-brand"][time]) >= 4.5, (button, time)


def test_a_pale_colour_is_refused_with_the_nearest_that_would_do(prize):
    prize.brand_colour = "#ffcc00"
    with pytest.raises(ValidationError) as refusal:
        prize.full_clean()
    [said] = refusal.value.message_dict["brand_colour"]
    assert "1.4 to 1" in said
    assert "#8b6f00" in said
    prize.brand_colour = "#8b6f00"
    prize.full_clean()


def test_a_rulebook_with_a_pale_colour_is_refused_in_the_same_words(edition):
    book = rulebook.export(edition).as_yaml()
    pale = book.replace(
        "prize:\n  prize:\n", "prize:\n  prize:\n    brand_colour: '#16285c'\n    accent_colour: '#ffcc00'\n"
    )
    assert pale != book
    with pytest.raises(rulebook.RulebookError, match="#8b6f00"):
        rulebook.read(pale)


def test_colours_and_logo_come_through_the_rulebook_unchanged(prize, edition):
    edition.refresh_from_db()
    again = rulebook.read(rulebook.export(edition).as_yaml()).sections["prize"].prize
    assert (again.brand_colour, again.accent_colour, again.logo) == ("#004d40", "#8e2a6b", CIRCLE)


def test_one_colour_without_the_other_is_refused_by_name_and_by_the_database(prize):
    assert branding.problems("#16285c", "", "") == {"accent_colour": "Give both colours, or neither."}
    with pytest.raises(IntegrityError, match="two_colours_or_none"), transaction.atomic():
        Prize.objects.update(accent_colour="")


@pytest.mark.parametrize(
    "source",
    [
        CIRCLE.replace("<circle", "<script>alert(1)</script><circle"),
        CIRCLE.replace('r="4"', 'r="4" onload="alert(1)"'),
        CIRCLE.replace('fill="#16285c"', 'fill="url(https://elsewhere.example/x)"'),
        CIRCLE.replace('fill="#16285c"', 'fill="URL(https://elsewhere.example/x)"'),
        CIRCLE.replace("<circle", '<use href="https://elsewhere.example/x.svg#a"/><circle'),
        CIRCLE.replace("<circle", "<foreignObject/><circle"),
        '<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + CIRCLE,
        CIRCLE.replace("</svg>", ""),
        CIRCLE.replace(' viewBox="0 0 9 9"', ""),
        CIRCLE.replace("#16285c", "#" + "1" * 20_000),
        "A fine logo",
    ],
)
def test_a_logo_that_could_do_more_than_stand_there_is_refused(source):
    assert branding.problems("", "", source)["logo"]
    assert branding.problems("", "", CIRCLE) == {}


def test_pages_wear_the_colours_without_a_style_of_their_own(client, prize):
    page = client.get("/")
    address = f"/prizes/{prize.slug}/colours.css?{prize.look}"
    assert address in page.text
    assert f"/prizes/{prize.slug}/logo.svg?{prize.look}" in page.text
    assert "style=" not in page.text
    sheet = client.get(address)
    assert sheet["Content-Type"].startswith("text/css")
    assert "--brand: light-dark(#004d40, " in sheet.text
    assert "forced-colors" in sheet.text


def test_a_browser_that_has_the_colours_gets_nothing_again_until_they_change(client, prize):
    address = f"/prizes/{prize.slug}/colours.css"
    tag = client.get(address)["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    Prize.objects.update(brand_colour="#16285c")
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_a_logo_opened_by_itself_may_do_nothing(client, prize):
    answer = client.get(f"/prizes/{prize.slug}/logo.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")


def test_the_tab_shows_the_logo_or_our_mark_in_the_prizes_colours(client, sign_in, karim, prize):
    address = f"/prizes/{prize.slug}/logo.svg"
    for page in (client.get("/"), sign_in(karim).get("/admin/")):
        assert f'<link rel="icon" href="{address}?{prize.look}"' in page.text
    Prize.objects.update(logo="")
    picture = client.get(address).text
    assert 'fill="#004d40"' in picture
    assert 'fill="#8e2a6b"' in picture
    Prize.objects.update(brand_colour="", accent_colour="")
    assert '<link rel="icon" href="/static/img/mark.svg"' in client.get("/").text


def test_our_mark_is_the_file_that_pages_without_a_prize_show():
    assert brand.mark("", "") == (settings.BASE_DIR / "static" / "img" / "mark.svg").read_text()
    assert branding.problems("", "", brand.mark("", "")) == {}


def test_a_prize_without_colours_has_none_to_serve_and_names_none(client, edition):
    slug = edition.prize.slug
    assert client.get(f"/prizes/{slug}/colours.css").status_code == 404
    assert client.get(f"/prizes/{slug}/logo.svg").status_code == 404
    assert "/prizes/" not in client.get("/").text
