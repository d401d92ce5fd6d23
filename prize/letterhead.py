"""What every letter wears: the name, logo and colours of the prize it speaks for, written into each element.

Mail programs read no style sheet, and many draw no SVG and fetch nothing; so every colour stands beside its ground, and the logo
comes with the letter. Without picture and colours the letter still says all.
"""

import re
from dataclasses import dataclass
from email.mime.image import MIMEImage

from django.template.loader import render_to_string
from django.utils.html import urlize
from django.utils.safestring import SafeString, mark_safe

from prize import brand, drawing
from prize.models import Edition, Letter, Prize

PICTURE = "emblem"


@dataclass(frozen=True)
class Letterhead:
    prize: Prize | None

    @property
    def colours(self) -> dict[str, str]:
        prize = self.prize
        shades = brand.by_day(prize.brand_colour, prize.accent_colour) if prize else brand.DAY
        return {name.replace("-", "_"): shade for name, shade in shades.items()}

    def picture(self) -> MIMEImage:
        """To be attached; the page of the letter names it by its id."""
        image = MIMEImage(drawing.as_png(self.prize.emblem if self.prize else brand.mark("", "")), "png")
        image.add_header("Content-ID", f"<{PICTURE}>")
        image.add_header("Content-Disposition", "inline", filename="logo.png")
        return image

    def page(self, row: Letter, subject: str, body: str) -> str:
        """The letter as a mail program shows it, in the language that is active."""
        values = {
            "letter": row, "subject": subject, "prize": self.prize, "colours": self.colours, "picture": PICTURE,
            "paragraphs": [lines(part, self.colours["brand_2"]) for part in re.split(r"\n{2,}", body.strip())],
        }  # fmt: skip
        return render_to_string("prize/letters/frame.html", values)


def head_of(row: Letter) -> Letterhead:
    """Of the prize the letter is about; one about an account wears what the pages of accounts wear."""
    edition = row.edition or Edition.objects.current()
    return Letterhead(edition.prize if edition else None)


def lines(paragraph: str, colour: str) -> SafeString:
    """Its lines, with links that say their colour themselves."""
    linked = urlize(paragraph, autoescape=True).replace("<a ", f'<a style="color: {colour}" ')
    return mark_safe("<br>\n".join(linked.split("\n")))  # noqa: S308 - urlize has escaped the text
