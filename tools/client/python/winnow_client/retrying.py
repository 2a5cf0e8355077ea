"""When a call is repeated, and after which pause: the same for both clients."""

from __future__ import annotations

import email.utils
import json
import random
import secrets
import ssl
import time
from typing import Generic, TypeVar

from . import wire
from .calls import Call
from .connecting import Address, Connecting
from .errors import ConnectionFailed, InvalidAnswer, StatusError, TimedOut, status_error

T = TypeVar("T")

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 2.0


class Attempts(Generic[T]):
    """One call: its request, the time that is left, and what to do about each failure."""

    def __init__(self, call: Call[T], address: Address, settings: Connecting) -> None:
        self.call = call
        self.address = address
        self.settings = settings
        self.deadline = time.monotonic() + settings.timeout
        self.request_id = secrets.token_hex(8)
        self._failed = 0
        headers = {"Accept": "application/json", "User-Agent": "winnow-client-python/0.1.0",
                   "X-Request-ID": self.request_id, **call.headers}
        if settings.token:
            headers["Authorization"] = f"Bearer {settings.token}"
        self.request = wire.request_bytes(address, call.method, call.target, headers, call.body)

    def time_left(self) -> float:
        """Seconds until the call's time is over. Raises TimedOut if none are left."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise self.timed_out()
        return left

    def timed_out(self) -> TimedOut:
        return TimedOut(f"no answer from {self.address.authority} within {self.settings.timeout:g} s", self.request_id)

    def broken(self, cause: OSError, sent: bool) -> ConnectionFailed:
        """What a failure of the connection is to the caller. A certificate that is refused now is so later, too."""
        repeatable = (not sent or self.call.repeatable) and not isinstance(cause, ssl.SSLCertVerificationError)
        return ConnectionFailed(f"{self.address.authority}: {cause}", self.request_id, repeatable)

    def result(self, answer: wire.Answer) -> T:
        """The call's value. Raises StatusError if the daemon refused."""
        identity = answer.headers.get("x-request-id", self.request_id)
        if answer.status in self.call.accepted:
            try:
                return self.call.read(answer.text(), answer.status)
            except InvalidAnswer as wrong:
                raise InvalidAnswer(wrong.detail, identity) from wrong
        raise status_error(answer.status, _message_of(answer), identity,
                           _seconds(answer.headers.get("retry-after")))

    def pause_after(self, failure: ConnectionFailed | StatusError) -> float:
        """The seconds to wait before the next attempt. Raises the failure if there is none."""
        wanted = failure.retry_after if isinstance(failure, StatusError) else None
        self._failed += 1
        if not failure.repeatable or self._failed > self.settings.retries:
            raise failure
        # Grows, and differs between clients, so that they do not all come back at the same moment.
        longest: float = min(FIRST_PAUSE * 2 ** (self._failed - 1), LONGEST_PAUSE)
        pause = longest * random.uniform(0.5, 1)
        pause = max(pause, wanted or 0.0)
        if time.monotonic() + pause >= self.deadline:
            raise failure
        return pause


def _message_of(answer: wire.Answer) -> str:
    try:
        return str(json.loads(answer.text())["message"])
    except (ValueError, KeyError, TypeError):
        return answer.text()[:200] or "no message"


def _seconds(text: str | None) -> float | None:
    """Of a Retry-After header: a number of seconds, or a date."""
    if text is None:
        return None
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - time.time())
    except (TypeError, ValueError):
        return None
