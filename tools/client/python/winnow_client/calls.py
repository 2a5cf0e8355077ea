"""What can be asked of the daemon, without any input or output: each function makes a `Call`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from urllib.parse import quote, urlencode

from . import answers
from .errors import InvalidAnswer

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

Id = str | bytes
"""A user's or an item's id: opaque bytes; a str stands for its UTF-8 bytes."""


@dataclass(frozen=True)
class Call(Generic[T_co]):
    """One request, and how to read its answer.

    `repeatable` says whether a request that may have reached the daemon may be sent again.
    """

    method: str
    target: str
    read: Callable[[str, int], T_co]
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    accepted: tuple[int, ...] = (200,)
    repeatable: bool = True


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as wrong:
        raise InvalidAnswer(f"expected JSON, got {text[:80]!r}") from wrong


def _reader(kind: type[T]) -> Callable[[str, int], T]:
    return lambda text, status: answers.read(kind, _json(text), kind.__name__)


def _nothing(text: str, status: int) -> None:
    return None


def _segment(name: str, value: Id) -> str:
    if not value:
        raise ValueError(f"expected {name} not to be empty")
    return quote(value, safe="")


def _strings(document: Any, where: str) -> list[str]:
    if not isinstance(document, list) or not all(isinstance(one, str) for one in document):
        raise InvalidAnswer(f"{where}: expected an array of strings")
    return document


def recommend(user_id: Id, scores: bool, explain: bool) -> Call[answers.Recommendation]:
    asked = {name: "true" for name, wanted in (("scores", scores), ("explain", explain)) if wanted}
    target = "/recommend/" + _segment("user_id", user_id) + ("?" + urlencode(asked) if asked else "")
    # Computing a list again yields the same list, but costs the daemon as much.
    return Call("POST", target, _reader(answers.Recommendation), repeatable=False)


def request(user_id: Id) -> Call[None]:
    return Call("POST", "/recommend/" + _segment("user_id", user_id) + "?wait=false", _nothing, accepted=(202,),
                repeatable=False)


def recommendations(user_id: Id) -> Call[list[str]]:
    def read(text: str, status: int) -> list[str]:
        document = _json(text)
        return _strings(document.get("recommendations") if isinstance(document, dict) else None, "recommendations")

    return Call("GET", "/recommendations/" + _segment("user_id", user_id), read)


def similar_items(item_id: Id, limit: int) -> Call[answers.SimilarItems]:
    return Call("GET", f"/items/{_segment('item_id', item_id)}/similar?limit={limit}", _reader(answers.SimilarItems))


def write_profile(user_id: Id, items: Iterable[str]) -> Call[None]:
    if isinstance(items, (str, bytes)):
        raise TypeError("expected a list of item ids, got one string")
    return Call("PUT", "/profiles/" + _segment("user_id", user_id), _nothing,
                headers={"Content-Type": "application/json"}, body=json.dumps(list(items)).encode())


def read_profile(user_id: Id) -> Call[list[str]]:
    return Call("GET", "/profiles/" + _segment("user_id", user_id),
                lambda text, status: _strings(_json(text), "profile"))


def delete_profile(user_id: Id) -> Call[None]:
    return Call("DELETE", "/profiles/" + _segment("user_id", user_id), _nothing)


def health() -> Call[answers.Health]:
    return Call("GET", "/health", _reader(answers.Health), accepted=(200, 503))


def readiness() -> Call[answers.Readiness]:
    return Call("GET", "/readyz", _reader(answers.Readiness), accepted=(200, 503))


def alive() -> Call[bool]:
    return Call("GET", "/livez", lambda text, status: True)


def metrics() -> Call[answers.Metrics]:
    return Call("GET", "/metrics-json", _reader(answers.Metrics))


def metrics_text() -> Call[str]:
    return Call("GET", "/metrics", lambda text, status: text, headers={"Accept": "text/plain"})
