"""Catalogues in a folder of their own: French, as far as a test reads it."""

from pathlib import Path
from typing import Any

from prize import languages, mirrored

FRENCH = {
    "": mirrored.HEADER,
    "Skip to the content": "Aller au contenu",
    "Call for entries": "Appel à candidatures",
    "You have an account already": "Vous avez déjà un compte",
    "Certificate of award": "Certificat de prix",
}


def write_catalogue(folder: Path, code: str, texts: dict[str, str]) -> None:
    catalogue = folder / code / "LC_MESSAGES" / "django.mo"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_bytes(mirrored.compiled(texts))


def add_language(settings: Any, folder: Path) -> None:
    """As a start with ``LOCALES`` does."""
    settings.LOCALE_PATHS = [*settings.LOCALE_PATHS, folder]
    settings.LANGUAGES = languages.found(settings.LOCALE_PATHS)
