"""A prize's own look: two colours and a logo. Every shade of both palettes is computed from the two, so that text stays readable.

Contrast is WCAG 2.2's ratio of relative luminances (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio).
"""

import colorsys
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

HEX = re.compile(r"#[0-9a-f]{6}")
WHITE, WASH = "#ffffff", "#f8f8f6"  # the light grounds of tokens.css
NIGHT, NIGHT_WASH = "#151b27", "#0e131c"  # the dark ones
TEXT, SHAPE = 4.5, 3.0

Colour = tuple[float, float, float]


def rgb(colour: str) -> Colour:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def written(colour: Colour) -> str:
    return "#" + "".join(f"{round(min(max(part, 0), 1) * 255):02x}" for part in colour)


def luminance(colour: str) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """
    >>> round(contrast("#000000", "#ffffff"), 2), round(contrast("#777777", "#ffffff"), 2)
    (21.0, 4.48)
    """
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mix(colour: str, ground: str, share: float) -> str:
    """``share`` of the ground, the rest of the colour."""
    pairs = zip(rgb(colour), rgb(ground), strict=True)
    red, green, blue = (part * (1 - share) + below * share for part, below in pairs)
    return written((red, green, blue))


def shifted(colour: str, lightness: float) -> str:
    """The same hue, lighter or darker."""
    hue, light, saturation = colorsys.rgb_to_hls(*rgb(colour))
    return written(colorsys.hls_to_rgb(hue, min(max(light + lightness, 0), 1), saturation))


def until(passes: Callable[[str], bool], colour: str, step: float) -> str:
    """The nearest shade that passes, on the way to white or to black, which always does."""
    shades = (shifted(colour, step * count) for count in range(int(1 / abs(step)) + 2))
    return next((shade for shade in shades if passes(shade)), WHITE if step > 0 else "#000000")


def readable(colour: str) -> bool:
    """As text on every light ground; white text on it is then readable too."""
    return weakest(colour) >= TEXT


def weakest(colour: str) -> float:
    return min(contrast(colour, ground) for ground in (WHITE, WASH))


def wash(colour: str) -> str:
    """A breath of the colour, on which it is still readable itself."""
    shades = (mix(colour, WHITE, share / 100) for share in range(92, 100))
    return next((shade for shade in shades if contrast(colour, shade) >= TEXT), WHITE)


def nearest(colour: str) -> str:
    """The nearest darker shade of the same hue that is readable.

    >>> nearest("#ffcc00"), nearest("#16285c")
    ('#8b6f00', '#16285c')
    """
    return until(readable, colour, -0.002)


def palette(brand: str, accent: str) -> dict[str, tuple[str, str]]:
    """Every colour of tokens.css that follows the brand: by day and by night."""
    by_night = until(lambda shade: contrast(shade, NIGHT) >= 7, brand, 0.01)
    night_wash = mix(brand, NIGHT, 0.75)
    by_day_wash = wash(brand)
    link = until(lambda shade: readable(shade) and contrast(shade, by_day_wash) >= TEXT, shifted(brand, 0.16), -0.01)
    night_link = until(lambda shade: contrast(shade, night_wash) >= TEXT, shifted(by_night, -0.06), 0.01)
    return {
        "brand": (brand, by_night),
        "brand-hover": (until(readable, shifted(brand, 0.07), -0.01), shifted(by_night, 0.05)),
        "on-brand": (WHITE, until(lambda shade: contrast(shade, by_night) >= 7, brand, -0.01)),
        "brand-2": (link, night_link),
        "brand-wash": (by_day_wash, night_wash),
        "range": (
            until(lambda shade: contrast(shade, WHITE) >= SHAPE, mix(brand, WHITE, 0.45), -0.01),
            until(lambda shade: contrast(shade, NIGHT) >= SHAPE, mix(by_night, NIGHT, 0.4), 0.01),
        ),
        "accent": (accent, until(lambda shade: contrast(shade, NIGHT) >= TEXT, accent, 0.01)),
    }  # fmt: skip


def sheet(brand: str, accent: str) -> str:
    """The style sheet of a prize; forced colours stay the reader's own."""
    rows = "".join(
        f"  --{name}: light-dark({day}, {night});\n" for name, (day, night) in palette(brand, accent).items()
    )
    return f"@media not (forced-colors: active) {{\n:root, :root[data-theme] {{\n{rows}}}\n}}\n"


# --- The mark of a prize without a logo ----------------------------------------------------------

DAY = {"brand": "#16285c", "brand-2": "#2f4bb5", "accent": "#c8452d", "gold-line": "#d9a441"}  # those of tokens.css
MARK = (
    ("brand", "M16 16 8 2.2a16 16 0 0 0 0 27.6z"),
    ("brand-2", "M16 16 8 29.8A16 16 0 0 0 32 16z"),
    ("accent", "m16 16 8-13.8A16 16 0 0 0 8 2.2z"),
    ("gold-line", "M16 16h16a16 16 0 0 0-8-13.8z"),
)


def by_day(brand: str, accent: str) -> dict[str, str]:
    """The colours of paper and letters, where nobody reads in the dark; ours for a prize without its own."""
    return DAY | ({name: day for name, (day, _night) in palette(brand, accent).items()} if brand else {})


def mark(brand: str, accent: str) -> str:
    """Our mark in a prize's colours, as the source of a picture."""
    colours = by_day(brand, accent)
    paths = "".join(f'<path fill="{colours[name]}" d="{outline}"/>' for name, outline in MARK)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="32" height="32">{paths}</svg>\n'


# --- The logo ------------------------------------------------------------------------------------

SHAPES = {"svg", "g", "path", "circle", "ellipse", "rect", "line", "polyline", "polygon", "title", "desc", "defs",
          "linearGradient", "radialGradient", "stop", "clipPath", "use"}  # fmt: skip
LONGEST_LOGO = 20_000


def logo_problem(source: str) -> str:
    """Why this is no logo of ours, in a word for a message; empty if it is one. Only shapes: nothing runs, nothing is fetched."""
    if len(source) > LONGEST_LOGO:
        return "long"
    if "<!" in source or "<?" in source:
        return "declaration"
    try:
        root = ET.fromstring(source)  # noqa: S314 - without a document type there are no entities to expand
    except ET.ParseError:
        return "broken"
    if root.tag != "{http://www.w3.org/2000/svg}svg" or "viewBox" not in root.attrib:
        return "svg"
    for element in root.iter():
        if element.tag.rpartition("}")[2] not in SHAPES:
            return "shapes"
        for name, value in element.attrib.items():
            own = name.rpartition("}")[2].lower()
            if (
                own.startswith("on")
                or own == "style"
                or (own == "href" and not value.startswith("#"))
                or "url(" in value.lower().replace("url(#", "")
            ):
                return "shapes"
    return ""
