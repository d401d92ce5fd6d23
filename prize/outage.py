"""A neighbour that does not answer is not asked again for a few seconds.

So its silence is waited for once, and not by every letter of a transaction and every line of a page.
"""

import logging
import time

log = logging.getLogger(__name__)


class Outage:
    """Of one neighbour, as this process sees it. Threads that find it out at the same instant each wait once."""

    def __init__(self, name: str, *, seconds: float):
        self.name, self.seconds = name, seconds
        self.until = 0.0

    def lasts(self) -> bool:
        return time.monotonic() < self.until

    def begins(self, error: Exception) -> None:
        log.warning("%s does not answer, so it is not asked for %.0f s: %s", self.name, self.seconds, error)
        self.until = time.monotonic() + self.seconds


redis = Outage("Redis", seconds=15)
