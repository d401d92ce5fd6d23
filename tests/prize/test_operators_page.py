"""The operators' page says what the settings read."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "operators.md").read_text()


def read_by_the_settings() -> set[str]:
    code = (ROOT / "prize" / "settings.py").read_text() + (ROOT / "prize" / "environment.py").read_text()
    return set(re.findall(r'\b(?:text|switch|whole|listed|address)\(\s*"([A-Z_]+)"', code))


def test_every_variable_is_explained_and_no_other():
    table = PAGE.partition("## Environment")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE)) == read_by_the_settings()


def test_the_compose_file_sets_only_what_the_settings_read():
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    ours = [service for service in services.values() if "build" in service]
    assert ours
    assert {name for service in ours for name in service["environment"]} <= read_by_the_settings()


def test_every_service_is_named_and_looks_after_its_health():
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    named = set(re.findall(r"^\| `(\w+)` \|", PAGE.partition("## What runs")[2].partition("\n## ")[0], re.MULTILINE))
    assert named == set(services)
    unchecked = {name for name, service in services.items() if "healthcheck" not in service}
    assert unchecked == {"migrate", "front"}, "one ends by itself, the other holds nothing"
