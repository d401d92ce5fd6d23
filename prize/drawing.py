"""A picture made of shapes becomes one made of points, for readers that draw no SVG: mail programs among them."""

from functools import lru_cache

import typst

PAGE = b"""
#set page(width: auto, height: auto, margin: 0pt, fill: white)
#image(bytes(sys.inputs.source), format: "svg", width: 28pt, height: 28pt, fit: "contain")
"""


@lru_cache(maxsize=64)
def as_png(source: str) -> bytes:
    """On white, so that a dark logo is seen on a dark ground too; drawn twice as fine as it is shown."""
    made = typst.compile(PAGE, format="png", ppi=192, sys_inputs={"source": source}, ignore_system_fonts=True)
    if not isinstance(made, bytes):
        raise TypeError("the picture came out as several files")
    return made
