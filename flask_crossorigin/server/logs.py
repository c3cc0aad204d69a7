"""Log lines that any client's requests can cause: few, short, escaped, and bounded in memory."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Hashable

from ..errors import shown

logger = logging.getLogger("flask_crossorigin")


REMEMBERED = 256  # keys for which a line has been written already


LINES = 10  # at most, in each


PERIOD = 60.0  # seconds


class LimitedLog:
    """Writes one line a key, and never more than ``LINES`` in ``PERIOD`` seconds; safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: set[Hashable] = set()
        self._period = float("-inf")
        self._lines = 0
        self._dropped = 0

    def knows(self, key: Hashable) -> bool:
        """Report whether the line for *key* has been written."""
        return key in self._seen

    def log(self, level: int, key: Hashable, message: str, *values: object, exc_info: bool = False) -> None:
        """Write *message* % the shown *values*, unless *key* has had its line or the period has had its lines."""
        if key in self._seen:
            return
        with self._lock:
            if key in self._seen:
                return
            now = time.monotonic()
            if now - self._period >= PERIOD:
                self._period, self._lines = now, 0
            if self._lines >= LINES:
                self._dropped += 1
                return
            if len(self._seen) >= REMEMBERED:
                self._seen.clear()
            self._seen.add(key)
            self._lines += 1
            dropped, self._dropped = self._dropped, 0
        more = f" ({dropped} more messages were not logged)" if dropped else ""
        logger.log(level, message + more, *map(shown, values), exc_info=exc_info)
