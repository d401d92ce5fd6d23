"""Uploads: taken by content, within limits, and refused with the reason."""

import struct
import zipfile
import zlib
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from factories.applications import PDF, make_application, make_attached, make_submitted
from PIL import Image

from applications import drafting, inspecting, lifecycle, submitting
from applications.inspecting import Unacceptable, inspect
from applications.models import Attachment
from prize import audit
from prize.governing import Refused


def picture(kind, size=(20, 10)):
    stream = BytesIO()
    Image.new("RGB", size).save(stream, kind)
    return stream.getvalue()


def huge_picture():
    """A PNG of a few bytes that says it is 30,000 pixels wide and high."""
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"0")),
        (b"IEND", b""),
    ]
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def office(main_part, *more, filling=b"<w/>"):
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("[Content_Types].xml", main_part, *more):
            archive.writestr(name, filling)
    return stream.getvalue()


GOOD = {
    "plan.pdf": PDF,
    "view.png": picture("PNG"),
    "view.jpeg": picture("JPEG"),
    "text.docx": office("word/document.xml"),
    "table.xlsx": office("xl/workbook.xml"),
    "slides.pptx": office("ppt/presentation.xml"),
    "notes.txt": "Grüße aus 서울\n".encode(),
    "numbers.csv": b"year,share\n2021,0.4\n",
}
HOSTILE = {
    "page as pdf": ("plan.pdf", b"<html><script>alert(1)</script></html>"),
    "programme as pdf": ("plan.pdf", b"MZ\x90\x00" + b"\0" * 200),
    "pdf inside a page": ("plan.pdf", b"<script>alert(1)</script>" + PDF),
    "cut pdf": ("plan.pdf", PDF[:40]),
    "svg": ("view.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
    "svg as png": ("view.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    "jpeg as png": ("view.png", picture("JPEG")),
    "broken png": ("view.png", picture("PNG")[:30]),
    "picture that unpacks to a flood": ("view.png", huge_picture()),
    "zip as docx": ("text.docx", office("readme.txt")),
    "xlsx as docx": ("text.docx", office("xl/workbook.xml")),
    "macros": ("text.docx", office("word/document.xml", "word/vbaProject.bin")),
    "programme": ("setup.exe", b"MZ\x90\x00"),
    "page as text": ("notes.txt", b"  <!doctype html><script>alert(1)</script>"),
    "script as text": ("notes.txt", b"#!/bin/sh\nrm -rf /\n"),
    "bytes as text": ("notes.csv", bytes(range(256))),
    "no ending": ("plan", PDF),
    "two endings": ("plan.pdf.html", PDF),
    "empty": ("plan.pdf", b""),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_sound_file_of_an_allowed_type_is_taken(name):
    assert inspect(name, GOOD[name])[0] == name


@pytest.mark.parametrize("what", HOSTILE)
def test_a_file_that_is_not_what_it_says_is_refused_by_name(what):
    name, content = HOSTILE[what]
    with pytest.raises(Unacceptable, match=name):
        inspect(name, content)


def test_an_office_file_that_unpacks_to_a_flood_is_refused(monkeypatch):
    monkeypatch.setattr(inspecting, "MOST_UNPACKED", 10_000)
    with pytest.raises(Unacceptable):
        inspect("text.docx", office("word/document.xml", filling=b"0" * 20_000))


def test_a_file_beyond_the_limit_is_refused_and_not_read_to_its_end(settings, edition, amina, at):
    settings.ATTACHMENT_LIMIT = 1024
    entry = make_application(edition, amina, at=at)
    stream = ContentFile(b"a" * 5000, name="notes.txt")
    with pytest.raises(Unacceptable, match=r"larger than the limit of 1\.0.KB"):
        make_attached(entry, at=at, name="notes.txt", content=stream)
    assert stream.tell() == 1025
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\papers\\plan.pdf", "plan.pdf"),
        ("plan\u202efdp.pdf", "planfdp.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("성과 보고서.pdf", "성과 보고서.pdf"),
    ],
)
def test_a_name_is_made_safe_and_keeps_its_ending(given, safe):
    assert inspect(given, PDF)[0] == safe


def test_no_more_files_are_taken_than_the_question_asks_for(edition, amina, at):
    entry = make_application(edition, amina, at=at)
    for number in range(2):
        make_attached(entry, at=at, name=f"plan-{number}.pdf")
    with pytest.raises(Unacceptable, match="2 files already"):
        make_attached(entry, at=at)
    drafting.detach(entry.attachments.first(), by=amina, at=at)
    make_attached(entry, at=at)
    assert entry.attachments.filter(removed_at=None).count() == 2


def test_a_file_is_stored_under_a_name_that_tells_nothing(edition, amina, at):
    file = make_attached(make_application(edition, amina, at=at), at=at, name="secret plan.pdf")
    assert "plan" not in file.file.name
    assert file.code not in file.file.name


def test_a_removed_file_stays_for_the_submission_that_names_it(edition, amina, at):
    entry = make_application(edition, amina, at=at)
    file = make_attached(entry, at=at)
    submitting.submit(entry, by=amina, at=at)
    lifecycle.reopen(entry, by=amina, at=at)
    drafting.detach(file, by=amina, at=at)
    assert Attachment.objects.get().file.open("rb").read() == PDF
    assert list(audit.breaches()) == []


def test_files_are_neither_added_nor_removed_by_strangers_or_after_submitting(edition, amina, bruno, at):
    entry = make_application(edition, amina, at=at)
    file = make_attached(entry, at=at)
    with pytest.raises(Refused):
        drafting.detach(file, by=bruno, at=at)
    submitted = make_submitted(edition, bruno, at=at)
    with pytest.raises(Refused):
        make_attached(submitted, at=at)
    assert Attachment.objects.filter(removed_at=None).count() == 1
