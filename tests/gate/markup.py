"""Is a page's HTML valid? What the standard's parser complains of, and rules on ids, names and nesting."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator

from justhtml import JustHTML

REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "popovertarget", "form", "list", "headers")
INTERACTIVE = {"a", "button", "select", "textarea", "summary", "label"}
PHRASING_ONLY = {
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "span",
    "button",
    "label",
    "summary",
    "dt",
    "th",
    "em",
    "strong",
    "a",
}
BLOCKS = {"div", "p", "ul", "ol", "dl", "table", "form", "section", "article", "aside", "header", "footer", "main",
          "nav", "fieldset", "h1", "h2", "h3", "h4", "h5", "h6", "details", "figure", "blockquote", "pre", "hr"}  # fmt: skip
HEADED = {"summary": {"h1", "h2", "h3", "h4", "h5", "h6"}, "dt": set(), "th": BLOCKS, "a": BLOCKS, "label": set()}
CHILDREN = {
    "ul": {"li", "script", "template"},
    "ol": {"li", "script", "template"},
    "dl": {"dt", "dd", "div", "script", "template"},
    "tr": {"td", "th", "script", "template"},
    "select": {"option", "optgroup", "hr"},
}
OF_A_TABLE = re.compile("(app|model|field|column|dynamic|current)-")  # Django's classes that only say which table it is
GONE = {
    "align",
    "bgcolor",
    "border",
    "cellpadding",
    "cellspacing",
    "valign",
    "nowrap",
    "style",
    "onclick",
    "onchange",
    "onsubmit",
}


class Markup:
    """One page, parsed once, for its faults, its links and the shape by which states are told apart."""

    def __init__(self, text: str):
        self.document = JustHTML(text, collect_errors=True, sanitize=False)
        self.elements = list(walk(self.document.root))

    def faults(self) -> list[str]:
        found = [f"line {error.line}: {error.code}" for error in self.document.errors]
        return [*found, *self.ids(), *self.nesting(), *self.old(), *self.frame()]

    def ids(self) -> Iterator[str]:
        count = Counter(element.attrs["id"] for element in self.elements if element.attrs.get("id"))
        yield from (f'id "{name}" stands {times} times' for name, times in count.items() if times > 1)
        yield from ("an id is empty" for element in self.elements if element.attrs.get("id", "x") == "")
        for element in self.elements:
            for attribute in REFERENCES:
                for name in (element.attrs.get(attribute) or "").split():
                    if name not in count:
                        yield f'{element.name} {attribute}="{name}" names nothing'

    def nesting(self) -> Iterator[str]:
        for element in self.elements:
            above = [ancestor.name for ancestor in ancestors(element)]
            if element.name in INTERACTIVE - {"label"} and any(
                name in INTERACTIVE - {"label", "summary"} for name in above
            ):
                yield f"{element.name} inside {next(name for name in above if name in INTERACTIVE)}"
            parent = above[0] if above else ""
            if element.name in BLOCKS and parent in PHRASING_ONLY and element.name not in HEADED.get(parent, set()):
                yield f"{element.name} inside {parent}"
            if parent in CHILDREN and element.name not in CHILDREN[parent]:
                yield f"{element.name} as a child of {parent}"
            if element.name == "img" and "alt" not in element.attrs:
                yield "img without alt"

    def old(self) -> Iterator[str]:
        for element in self.elements:
            if is_svg(element):
                continue
            for attribute in GONE & set(element.attrs):
                yield f"{element.name} has {attribute}"

    def frame(self) -> Iterator[str]:
        headings = self.document.query("h1")
        if len(headings) != 1:
            yield f"{len(headings)} h1"
        elif not headings[0].to_text().strip():
            yield "the h1 is empty"
        if not self.title():
            yield "no title"
        root = self.document.query_one("html")
        if not root.attrs.get("lang"):
            yield "no lang"

    def title(self) -> str:
        found = self.document.query_one("title")
        return " ".join(found.to_text().split()) if found else ""

    def links(self) -> list[str]:
        return [link.attrs["href"] for link in self.document.query("a[href]")]

    def shape(self) -> frozenset[str]:
        """Its parts: what kinds of element stand in which, the same for a list of three as for one of thirty."""
        parts = {f"{label(element.parent)}>{label(element)}" for element in self.elements if element.parent is not None}
        return frozenset(hashlib.sha256(part.encode()).hexdigest()[:10] for part in parts)


def walk(node) -> Iterator:
    for child in node.children or ():
        if not child.name.startswith(("#", "!")):
            yield child
            yield from walk(child)


def ancestors(element) -> Iterator:
    parent = element.parent
    while parent is not None and not parent.name.startswith("#"):
        yield parent
        parent = parent.parent


def is_svg(element) -> bool:
    return element.name == "svg" or any(ancestor.name == "svg" for ancestor in ancestors(element))


def label(element) -> str:
    kinds = sorted(name for name in (element.attrs or {}).get("class", "").split() if not OF_A_TABLE.match(name))
    return ".".join([element.name, *kinds, (element.attrs or {}).get("type") or ""])
