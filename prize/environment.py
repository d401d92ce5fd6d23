"""Read the environment, and say plainly what is wrong with it."""

import os
from pathlib import Path
from urllib.parse import unquote, urlparse

from django.core.exceptions import ImproperlyConfigured
from django.utils.crypto import get_random_string

TRUE = {"1", "true", "yes", "on"}
FALSE = {"", "0", "false", "no", "off"}


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def switch(name: str, *, default: bool = False) -> bool:
    """A yes or no. Anything else is refused by name."""
    value = text(name, "1" if default else "0").lower()
    if value in TRUE | FALSE:
        return value in TRUE
    raise ImproperlyConfigured(f'{name} is "{value}". Set it to 1 or 0.')


def whole(name: str, default: int) -> int:
    value = text(name, str(default))
    if value.isdigit():
        return int(value)
    raise ImproperlyConfigured(f'{name} is "{value}". Set it to a whole number such as {default}.')


def listed(name: str, default: str = "") -> list[str]:
    return [item.strip() for item in text(name, default).split(",") if item.strip()]


def address(name: str, schemes: tuple[str, ...], example: str) -> str:
    """An address such as redis://host:6379/0; empty where it is not set."""
    value = text(name)
    if value and urlparse(value).scheme not in schemes:
        raise ImproperlyConfigured(f'{name} is "{value}". It should look like {example}.')
    return value


def secret_key(var: Path, *, embedded: bool) -> str:
    """The key from the environment; embedded, one made once and kept beside the database."""
    value = text("SECRET_KEY")
    if value:
        if len(value) < 40 and not embedded:
            raise ImproperlyConfigured("SECRET_KEY is too short. Set it to at least 50 random characters.")
        return value
    if not embedded:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. Set it to at least 50 random characters and keep it private."
        )
    kept = var / "secret-key"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(get_random_string(64))
        kept.chmod(0o600)
    return kept.read_text().strip()


def email(var: Path) -> dict[str, object]:
    """EMAIL_URL as Django's settings: smtp://user:password@host:587?tls=1, console: or a folder of files."""
    value = text("EMAIL_URL")
    if not value:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(var / "mail"),
        }
    url = urlparse(value)
    if url.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if url.scheme not in {"smtp", "smtps"} or not url.hostname:
        raise ImproperlyConfigured(f'EMAIL_URL is "{value}". It should look like smtp://user:password@host:587?tls=1.')
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": url.hostname,
        "EMAIL_PORT": url.port or (465 if url.scheme == "smtps" else 25),
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_SSL": url.scheme == "smtps",
        "EMAIL_USE_TLS": "tls=1" in (url.query or ""),
        "EMAIL_TIMEOUT": 20,
    }
