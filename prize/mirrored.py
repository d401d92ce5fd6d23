"""A made-up language that is written from right to left: every text of the product in Arabic letters, made from the catalogue.

With ``MIRRORED_LANGUAGE=1`` it stands among the languages, so that anybody can see any page mirrored; the access gate walks
every page in it. A real language takes a catalogue under ``locale/`` instead.
"""

import gettext
import re
import struct
from pathlib import Path

CODE = "ar-xb"
LETTERS = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ابكدهفجحيژقلمنوپقرستوڤوخيز")
KEPT = re.compile(r"(%\(\w+\)[a-z]|%[sdr%]|\{[^}]*\}|<[^>]+>|&#?\w+;|https?://\S+|\[\w+\])")
HEADER = "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"


def mirror(text: str) -> str:
    """The letters change; placeholders, tags and figures stay.

    >>> mirror("%(count)s left").startswith("%(count)s ")
    True
    """
    parts = KEPT.split(text)
    return "".join(part if KEPT.fullmatch(part) else part.lower().translate(LETTERS) for part in parts)


def write(catalogues: Path, target: Path) -> Path:
    """Write the mirrored catalogue of every text that a translated one knows, and give its folder back."""
    [first, *_others] = sorted(catalogues.glob("*/LC_MESSAGES/django.mo"))
    with first.open("rb") as stream:
        known = gettext.GNUTranslations(stream)._catalog  # type: ignore[attr-defined]
    texts: dict[str, str] = {"": HEADER}
    for key in known:
        name, plural = (key[0], True) if isinstance(key, tuple) else (key, False)
        if name:
            mirrored = mirror(name.rpartition("\x04")[2])
            texts[f"{name}\0{name}" if plural else name] = f"{mirrored}\0{mirrored}" if plural else mirrored
    path = target / "ar_XB" / "LC_MESSAGES" / "django.mo"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(compiled(texts))
    return target


def compiled(texts: dict[str, str]) -> bytes:
    """The bytes of a .mo file: a head, two tables of lengths and places, and the texts sorted by key."""
    pairs = sorted((key.encode(), value.encode()) for key, value in texts.items())
    place = 28 + 16 * len(pairs)
    tables: tuple[list[int], list[int]] = ([], [])
    body = b""
    for column in (0, 1):
        for pair in pairs:
            tables[column].extend((len(pair[column]), place + len(body)))
            body += pair[column] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    return head + struct.pack(f"<{4 * len(pairs)}I", *tables[0], *tables[1]) + body
