"""Is this file what it says it is? Asked of the content, not of the name or of the browser."""

import re
import unicodedata
import warnings
import zipfile
from io import BytesIO
from pathlib import PurePosixPath

import puremagic
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image

from prize.governing import Refused

OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "docx": OFFICE + "wordprocessingml.document",
    "xlsx": OFFICE + "spreadsheetml.sheet",
    "pptx": OFFICE + "presentationml.presentation",
    "txt": "text/plain",
    "csv": "text/csv",
}
MAIN_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
MOST_PIXELS = 80_000_000
MOST_UNPACKED = 300 * 1024 * 1024
MOST_PARTS = 5_000
LONGEST_NAME = 120


class Unacceptable(Refused):
    """A file that is not taken, and why, for whoever sent it."""


def inspect(name: str, content: bytes) -> tuple[str, str]:
    """The file's safe name and its type; ``Unacceptable`` if it is empty, too big, or not what its name says."""
    safe = safe_name(name)
    extension = PurePosixPath(safe).suffix.lower().lstrip(".")
    extension = "jpg" if extension == "jpeg" else extension
    if extension not in KINDS:
        raise Unacceptable(_("%(name)s: this type is not taken. Send %(types)s.") % {"name": safe, "types": types()})
    if not content:
        raise Unacceptable(_("%(name)s is empty.") % {"name": safe})
    if len(content) > settings.ATTACHMENT_LIMIT:
        limit = filesizeformat(settings.ATTACHMENT_LIMIT)
        raise Unacceptable(_("%(name)s is larger than the limit of %(limit)s.") % {"name": safe, "limit": limit})
    if not is_what_it_says(extension, content):
        text = _("%(name)s is damaged, or is not the type its name says. Save it again as %(type)s and send that.")
        raise Unacceptable(text % {"name": safe, "type": extension.upper()})
    return safe, KINDS[extension]


def types() -> str:
    return ", ".join(extension.upper() for extension in KINDS)


def safe_name(name: str) -> str:
    """The name for people: no path, no control or direction marks, not too long, its ending kept.

    >>> safe_name("../../etc/plan\\u202efdp.exe.pdf"), safe_name("C:\\\\my\\\\report.PDF")
    ('planfdp.exe.pdf', 'report.PDF')
    """
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C")
    visible = re.sub(r'[<>:"|?*]', "_", visible).strip(" .") or "file"
    stem, dot, ending = visible.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}" if dot and len(ending) < 10 else visible[:LONGEST_NAME]


def is_what_it_says(extension: str, content: bytes) -> bool:
    if extension in ("png", "jpg"):
        return is_picture(content, {"png": "PNG", "jpg": "JPEG"}[extension])
    if extension in MAIN_PARTS:
        return is_office(content, MAIN_PARTS[extension])
    if extension == "pdf":
        return content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]
    return is_plain_text(content)


def is_picture(content: bytes, wanted: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=[wanted]) as picture:
                width, height = picture.size
                picture.verify()
    except Exception:  # Pillow raises many kinds on hostile bytes; all mean the same here
        return False
    return width * height <= MOST_PIXELS


def is_office(content: bytes, main_part: str) -> bool:
    """An Office document with its main part, no macros, and nothing that unpacks to a flood."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False
    names = {part.filename for part in parts}
    bounded = len(parts) <= MOST_PARTS and sum(part.file_size for part in parts) <= MOST_UNPACKED
    macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    return bounded and not macros and {"[Content_Types].xml", main_part} <= names


def is_plain_text(content: bytes) -> bool:
    """Text that is no page, picture or programme in disguise: it reads as text and no known signature fits."""
    try:
        text = content.decode("utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError:
        return False
    if any(ord(letter) < 32 and letter not in "\t\n\r\f" for letter in text):
        return False
    return not text.lstrip().startswith(("<", "#!", "%!")) and not has_signature(content)


def has_signature(content: bytes) -> bool:
    try:
        found = puremagic.magic_string(content[:65536])
    except (puremagic.PureError, ValueError):
        return False
    return any(match.confidence >= 0.8 and not match.mime_type.startswith("text/") for match in found)
