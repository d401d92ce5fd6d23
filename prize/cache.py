"""Redis as a cache that may vanish: while it is away nothing is found and nothing is kept, and every page still works.

Sessions are then read from the database. Limits of sign-in attempts, which are counted here, begin anew when it is back.
"""

from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

from prize import outage


def unless_away(verb: str, otherwise: Callable[..., Any]) -> Callable[..., Any]:
    ask = getattr(RedisCacheClient, verb)

    def asked(self: RedisCacheClient, *arguments: Any) -> Any:
        if outage.redis.lasts():
            return otherwise(*arguments)
        try:
            return ask(self, *arguments)
        except RedisError as error:
            outage.redis.begins(error)
            return otherwise(*arguments)

    return asked


def not_found(key: str, delta: int) -> int:
    raise ValueError(f"Key {key!r} not found.")


class ForgetfulClient(RedisCacheClient):
    get = unless_away("get", lambda key, default: default)
    # True, as from an empty cache: whoever takes a lock by adding a key would wait for ever otherwise.
    add = unless_away("add", lambda key, value, timeout: True)
    set = unless_away("set", lambda key, value, timeout: None)
    touch = unless_away("touch", lambda key, timeout: False)
    delete = unless_away("delete", lambda key: False)
    get_many = unless_away("get_many", lambda keys: {})
    has_key = unless_away("has_key", lambda key: False)
    incr = unless_away("incr", not_found)
    set_many = unless_away("set_many", lambda data, timeout: None)
    delete_many = unless_away("delete_many", lambda keys: None)
    clear = unless_away("clear", lambda: False)


class ForgetfulCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]):
        super().__init__(server, params)
        self._class = ForgetfulClient
