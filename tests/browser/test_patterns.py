"""Every part of every page has a picture; a part that looks different fails its own test.

``WRITE_PICTURES=1`` draws them anew, to be looked at and committed. Letters look different on a machine with other fonts, so
there the pictures say nothing and the tests are skipped.
"""

import io
import os
import subprocess
from pathlib import Path

import pytest
from browser_tools import signed_in
from factories import prize as make
from PIL import Image, ImageChops

pytestmark = pytest.mark.django_db(transaction=True)
FOLDER = Path(__file__).parent / "pictures"
FAMILIES = ("Inter", "Pretendard", "Liberation Sans", "sans-serif", "sans-serif:lang=ko", "monospace")
VIEWS = {"wide": (1280, "light"), "narrow": (390, "dark")}
PARTS = (
    "buttons",
    "callouts",
    "messages",
    "time",
    "figures",
    "map",
    "table",
    "lists",
    "ways",
    "tabs",
    "forms",
    "scale",
    "acts",
)
SEEN = 40  # of 255: what a reader would notice in one point; the edges of letters stay below it at half size
ALLOWED = 0.002  # of all points


def fonts() -> str:
    """What the families of tokens.css are drawn with here."""
    asked = [["fc-match", "-f", "%{family} %{style}", name] for name in FAMILIES]
    return "\n".join(subprocess.run(one, capture_output=True, text=True, check=False).stdout for one in asked) + "\n"


@pytest.fixture
def parts(chromium, live_server, lifted_seals, edition):
    """``parts("wide")`` takes a picture of each part, without scripts, so that no clock ticks."""
    karim = make.make_person("Karim", is_staff=True)
    make.make_office(edition, karim)

    def photographed(view: str) -> dict[str, Image.Image]:
        width, scheme = VIEWS[view]
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, base_url=live_server.url, locale="en-GB", timezone_id="Europe/Paris",
            java_script_enabled=False, color_scheme=scheme, reduced_motion="reduce",
        )  # fmt: skip
        context.add_cookies([signed_in(karim, live_server.url)])
        page = context.new_page()
        page.goto("/patterns/")
        found = {part: half(page.locator(f"section#{part}").screenshot()) for part in PARTS}
        context.close()
        return found

    return photographed


def half(png: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    return picture.resize((picture.width // 2, picture.height // 2), Image.Resampling.BOX)


def difference(one: Image.Image, other: Image.Image) -> float:
    """The share of points that a reader would see to differ; all of them where the size does."""
    if abs(one.width - other.width) > 1 or abs(one.height - other.height) > 1:
        return 1
    both = [
        picture.crop((0, 0, min(one.width, other.width), min(one.height, other.height))) for picture in (one, other)
    ]
    apart = ImageChops.difference(*both)
    worst = apart.convert("RGB").split()
    most = ImageChops.lighter(ImageChops.lighter(worst[0], worst[1]), worst[2])
    return sum(most.histogram()[SEEN:]) / (most.width * most.height)


@pytest.mark.parametrize("view", VIEWS)
def test_every_part_looks_as_it_did(parts, view, tmp_path):
    known = FOLDER / "fonts.txt"
    if os.environ.get("WRITE_PICTURES"):
        FOLDER.mkdir(exist_ok=True)
        known.write_text(fonts())
        for part, picture in parts(view).items():
            picture.quantize(96, dither=Image.Dither.NONE).convert("RGB").save(
                FOLDER / f"{part}-{view}.webp", lossless=True
            )
        return
    if not known.exists() or known.read_text() != fonts():
        pytest.skip("the pictures were drawn with other fonts: draw them anew with WRITE_PICTURES=1")
    changed = {}
    for part, picture in parts(view).items():
        share = difference(Image.open(FOLDER / f"{part}-{view}.webp").convert("RGB"), picture)
        if share > ALLOWED:
            picture.save(tmp_path / f"{part}-{view}.png")
            changed[part] = f"{share:.1%}"
    assert changed == {}, (
        f"These parts look different; see them in {tmp_path}. If they should, draw them with WRITE_PICTURES=1."
    )


def test_a_changed_colour_a_moved_edge_and_another_size_are_each_noticed():
    before = Image.new("RGB", (580, 120), "#ffffff")
    before.paste((22, 40, 92), (20, 20, 90, 40))  # a button
    moved, coloured = Image.new("RGB", before.size, "#ffffff"), before.copy()
    moved.paste((22, 40, 92), (26, 20, 96, 40))
    coloured.paste((22, 110, 92), (20, 20, 90, 40))
    for after in (moved, coloured, before.crop((0, 0, 580, 114))):
        assert difference(before, after) > ALLOWED
    assert difference(before, before.point(lambda value: max(value - 12, 0))) == 0
