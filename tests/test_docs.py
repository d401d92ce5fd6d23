"""What the documentation names exists: its pages, its links, its commands. ``make docs`` builds it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"```(?:sh|bash|console)?\n(.*?)```|`([^`\n]+)`", re.DOTALL)


def named(item) -> list[str]:
    """The files of a navigation, however deep."""
    if isinstance(item, str):
        return [item]
    return [name for part in (item.values() if isinstance(item, dict) else item) for name in named(part)]


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\s-]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def code_of(page: Path) -> str:
    return "\n".join(block or inline for block, inline in CODE.findall(page.read_text(encoding="utf-8")))


def test_every_page_stands_in_the_navigation_once():
    navigation = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    assert sorted(named(navigation)) == sorted(page.name for page in DOCS.glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page):
    lost = []
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        name, _hash, anchor = link.partition("#")
        target = (page.parent / name) if name else page
        if link.startswith(("http:", "https:", "mailto:")):
            continue
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
            lost.append(link)
    assert lost == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_exists(page):
    code = code_of(page)
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z][\w-]*)", code)) <= targets
    assert set(re.findall(r"manage\.py ([a-z]\w*)", code)) <= set(get_commands())
    assert [name for name in re.findall(r"\b((?:tools|tests)/[\w/]+\.py)", code) if not (ROOT / name).exists()] == []


def test_the_site_builds_without_a_warning(tmp_path):
    shutil.copytree(DOCS, tmp_path / "docs")
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    zensical = Path(sys.executable).parent / "zensical"
    built = subprocess.run([zensical, "build", "--strict"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    page = (tmp_path / "var" / "docs" / "method.html").read_text(encoding="utf-8")
    assert "How results are computed" in page
    assert not re.search(r'(?:src|href)="https?://[^"]+\.(?:css|js|woff2?)"', page), "nothing is fetched from elsewhere"
