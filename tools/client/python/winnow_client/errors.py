"""What can go wrong. Every exception is a `WinnowError`; those with an answer of the server are `StatusError`."""

from __future__ import annotations


class WinnowError(Exception):
    """The base of all exceptions of this package.

    `request_id` is the X-Request-ID under which the daemon logged the request, or the one that was sent.
    """

    def __init__(self, detail: str, request_id: str | None = None) -> None:
        super().__init__(detail if request_id is None else f"{detail} (request {request_id})")
        self.detail = detail
        self.request_id = request_id


class ConnectionFailed(WinnowError):
    """No connection could be made, or it broke before the whole answer arrived.

    `repeatable` says whether the same call may be made again: nothing reached the daemon, or doing it twice is as
    doing it once.
    """

    def __init__(self, detail: str, request_id: str | None = None, repeatable: bool = False) -> None:
        super().__init__(detail, request_id)
        self.repeatable = repeatable


class TimedOut(WinnowError):
    """The call's time was over before the answer arrived. The daemon may still do what was asked."""


class InvalidAnswer(WinnowError):
    """What answered is no Winnow, or one whose answers this client does not understand."""


class StatusError(WinnowError):
    """The daemon refused. `status` is the HTTP status, `detail` the daemon's message."""

    def __init__(self, status: int, detail: str, request_id: str | None = None,
                 retry_after: float | None = None) -> None:
        super().__init__(f"{status}: {detail}", request_id)
        self.status = status
        self.detail = detail
        self.retry_after = retry_after
        """The seconds after which the daemon wants to be asked again; None if it did not say."""

    @property
    def repeatable(self) -> bool:
        """Whether the same call may be made again: the daemon refused it before it did the work."""
        return self.status in (429, 503)


class BadRequest(StatusError):
    """400: a parameter is invalid."""


class Unauthorized(StatusError):
    """401: the daemon needs a token, and knows none like the one that was sent."""


class Forbidden(StatusError):
    """403: the token may only read."""


class NotFound(StatusError):
    """404: the user has no profile or no list, the models do not know the item, or the store is not embedded."""


class WrongType(StatusError):
    """409: a key of the user in Redis holds another type than a string."""


class ListChanged(StatusError):
    """410: the list has changed since the page whose cursor was sent. Begin anew without a cursor."""


class InvalidProfile(StatusError):
    """422: the profile is not a JSON array of item ids, or what was asked does not fit."""


class TooManyRequests(StatusError):
    """429: more requests than --rate-limit allows."""


class Unavailable(StatusError):
    """503: overloaded, not ready, or shutting down."""


class DeadlinePassed(StatusError):
    """504: the daemon's own deadline passed."""


class StoreFull(StatusError):
    """507: the embedded store is full."""


_BY_STATUS: dict[int, type[StatusError]] = {
    400: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: WrongType,
    410: ListChanged,
    422: InvalidProfile,
    429: TooManyRequests,
    503: Unavailable,
    504: DeadlinePassed,
    507: StoreFull,
}


def status_error(status: int, detail: str, request_id: str | None, retry_after: float | None) -> StatusError:
    """The exception for a status."""
    return _BY_STATUS.get(status, StatusError)(status, detail, request_id, retry_after)
