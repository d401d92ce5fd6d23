"""One way to write a value down, so that equal content has an equal digest on every machine and in every year."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any


def text(value: Any) -> str:
    """Canonical JSON: sorted keys, no spaces, UTF-8 as it is. Floats are refused: write a decimal as a string.

    >>> text({"b": 1, "a": ["서울", None, True]})
    '{"a":["서울",null,true],"b":1}'
    >>> text({"score": 7.5})
    Traceback (most recent call last):
    ...
    TypeError: a float has no canonical form; write 7.5 as a string
    """
    refuse_floats(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(value: Any) -> str:
    """SHA-256 of the canonical text, in hexadecimal.

    >>> digest({})[:16]
    '44136fa355b3678a'
    """
    return hashlib.sha256(text(value).encode()).hexdigest()


def refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError(f"a float has no canonical form; write {value} as a string")
    if isinstance(value, Mapping):
        for part in value.values():
            refuse_floats(part)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for part in value:
            refuse_floats(part)
