"""The contact sheet itself: a folder of pictures as ``index.html``, and as sheets of two pages each to leaf through."""

import json
from collections import defaultdict
from html import escape
from itertools import product
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

TAKEN = "pages.jsonl"
LANGUAGES = ("en", "ko")
WIDE, NARROW = 1280, 390
LOOKS = tuple(product((WIDE, NARROW), LANGUAGES))
SHOWN = {WIDE: 620, NARROW: 260}  # how wide a picture stands on a sheet
MARGIN, CAPTION, ROW, PAGES_OF_A_SHEET = 12, 24, 800, 2
STYLE = """
body { font: 1rem sans-serif; margin: 1rem }
div { display: flex; gap: 1rem; align-items: start }
img { height: 30rem; border: 1px solid #999 }
"""


def name(number: int, width: int, language: str) -> str:
    return f"{number:04}-{language}-{width}.jpg"


def taken(folder: Path) -> list[dict]:
    path = folder / TAKEN
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def bind(folder: Path) -> None:
    """The pictures that are there, as one page of HTML and as sheets."""
    pages = taken(folder)
    (folder / "index.html").write_text(html(pages))
    for old in folder.glob("sheet-*.png"):
        old.unlink()
    for start in range(0, len(pages), PAGES_OF_A_SHEET):
        shown = pages[start : start + PAGES_OF_A_SHEET]
        sheet(folder, shown).save(folder / f"sheet-{start // PAGES_OF_A_SHEET + 1:03}.png")
    roles = {line["role"] for line in pages}
    print(f"{len(pages)} pages of {len(roles)} roles, {len(pages) * len(LOOKS)} pictures: {folder / 'index.html'}")


def caption(line: dict) -> str:
    return f"{line['number']}  {line['role']}  {line['address']}  {line['status']}  ({line['stage']})"


def html(pages: list[dict]) -> str:
    rows = []
    for role, lines in by_role(pages).items():
        rows.append(f"<h2>{escape(role)}</h2>")
        for line in lines:
            shots = [name(line["number"], width, language) for width, language in LOOKS]
            links = "".join(f'<a href="{shot}"><img src="{shot}" loading="lazy" alt="{shot}"></a>' for shot in shots)
            rows.append(f"<h3>{escape(caption(line))}</h3><p>{escape(line['title'])}</p><div>{links}</div>")
    return f"<!doctype html><meta charset=utf-8><title>Contact sheet</title><style>{STYLE}</style>{''.join(rows)}"


def by_role(pages: list[dict]) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = defaultdict(list)
    for line in pages:
        found[line["role"]].append(line)
    return found


def sheet(folder: Path, pages: list[dict]) -> Image.Image:
    wide = sum(SHOWN[width] for width, _language in LOOKS) + MARGIN * (len(LOOKS) + 1)
    whole = Image.new("RGB", (wide, len(pages) * (ROW + CAPTION + MARGIN)), "#bbb")
    pen, font = ImageDraw.Draw(whole), ImageFont.load_default(16)
    for row, line in enumerate(pages):
        top, left = row * (ROW + CAPTION + MARGIN), MARGIN
        pen.text((MARGIN, top + 2), caption(line), fill="black", font=font)
        for width, language in LOOKS:
            with Image.open(folder / name(line["number"], width, language)) as shot:
                shown = shot.resize((SHOWN[width], shot.height * SHOWN[width] // width), Image.Resampling.LANCZOS)
                whole.paste(shown.crop((0, 0, shown.width, min(shown.height, ROW))), (left, top + CAPTION))
            left += SHOWN[width] + MARGIN
    return whole
