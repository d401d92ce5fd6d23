"""What is wrong with a prize's colours and logo, said so that it can be mended: in the office and in a rulebook alike."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prize import brand

LOGO = {
    "long": gettext_lazy("The logo is longer than 20,000 characters. Export it simplified, without embedded pictures."),
    "declaration": gettext_lazy(
        "Leave out the lines of the logo that begin with <? or <!, so that it begins with <svg."
    ),
    "broken": gettext_lazy(
        "The logo is not whole: paste the whole source of an SVG picture, its closing tag included."
    ),
    "svg": gettext_lazy("The logo needs an <svg> element of the SVG namespace with a viewBox."),
    "shapes": gettext_lazy(
        "The logo may hold shapes only: no text, picture, style, script or address. Convert text to paths."
    ),
}


def problems(brand_colour: str, accent_colour: str, logo: str) -> dict[str, str]:
    """By the name of the field; empty if all is well."""
    found = {"brand_colour": colour_problem(brand_colour), "accent_colour": colour_problem(accent_colour)}
    if bool(brand_colour) != bool(accent_colour):
        empty = "accent_colour" if brand_colour else "brand_colour"
        found[empty] = _("Give both colours, or neither.")
    found["logo"] = str(LOGO.get(brand.logo_problem(logo), "")) if logo else ""
    return {name: problem for name, problem in found.items() if problem}


def colour_problem(colour: str) -> str:
    if not colour or (brand.HEX.fullmatch(colour) and brand.readable(colour)):
        return ""
    if not brand.HEX.fullmatch(colour):
        return _("Write the colour as # and six of 0-9 and a-f, such as #16285c.")
    return _(
        "Text in %(colour)s has a contrast of %(ratio)s to 1, and needs 4.5 to be read. The nearest shade with it is %(nearest)s."
    ) % {"colour": colour, "ratio": f"{brand.weakest(colour):.1f}", "nearest": brand.nearest(colour)}
