"""What can be asked of the daemon, without any input or output: each function makes a `Call`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from urllib.parse import quote, urlencode

from . import answers
from .errors import InvalidAnswer, StatusError, status_error

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


_JSON = {"Content-Type": "application/json"}


def _additions(scores: bool, explain: bool) -> str:
    asked = {name: "true" for name, wanted in (("scores", scores), ("explain", explain)) if wanted}
    return "?" + urlencode(asked) if asked else ""


def _body(query: Mapping[str, Any] | None, **members: Any) -> bytes:
    return json.dumps({**(query or {}), **members}).encode()


def recommend(user_id: Id, scores: bool, explain: bool,
              query: Mapping[str, Any] | None) -> Call[answers.Recommendation]:
    target = "/recommend/" + _segment("user_id", user_id) + _additions(scores, explain)
    # Computing a list again yields the same list, but costs the daemon as much.
    return Call("POST", target, _reader(answers.Recommendation), headers=_JSON if query else {},
                body=_body(query) if query else b"", repeatable=False)


def recommend_session(history: Iterable[str], scores: bool, explain: bool,
                      query: Mapping[str, Any] | None) -> Call[answers.Recommendation]:
    return Call("POST", "/recommend" + _additions(scores, explain), _reader(answers.Recommendation), headers=_JSON,
                body=_body(query, history=list(history)), repeatable=False)


def recommend_many(users: Iterable[str | Mapping[str, Any]], scores: bool, explain: bool,
                   query: Mapping[str, Any] | None) -> Call[list[answers.Recommendation | StatusError]]:
    def one(entry: Any, at: int) -> answers.Recommendation | StatusError:
        if not isinstance(entry, dict) or not isinstance(entry.get("status"), int):
            raise InvalidAnswer(f"results[{at}]: expected a status and a body")
        body = entry.get("body")
        if entry["status"] == 200:
            return answers.read(answers.Recommendation, body, f"results[{at}].body")
        detail = body.get("message") if isinstance(body, dict) else None
        return status_error(entry["status"], str(detail), None, None)

    def read(text: str, status: int) -> list[answers.Recommendation | StatusError]:
        document = _json(text)
        results = document.get("results") if isinstance(document, dict) else None
        if not isinstance(results, list):
            raise InvalidAnswer("results: expected an array")
        return [one(entry, at) for at, entry in enumerate(results)]

    return Call("POST", "/recommend" + _additions(scores, explain), read, headers=_JSON,
                body=_body(query, users=list(users)), repeatable=False)


def rank(user_id: Id, items: Iterable[str], scores: bool, explain: bool,
         query: Mapping[str, Any] | None) -> Call[answers.Recommendation]:
    target = "/rank/" + _segment("user_id", user_id) + _additions(scores, explain)
    return Call("POST", target, _reader(answers.Recommendation), headers=_JSON,
                body=_body(query, items=list(items)), repeatable=False)


def item(item_id: Id) -> Call[answers.Item]:
    return Call("GET", "/items/" + _segment("item_id", item_id), _reader(answers.Item))


def popular(limit: int, window: str) -> Call[answers.Popular]:
    return Call("GET", "/popular?" + urlencode({"limit": limit, "window": window}), _reader(answers.Popular))


def request(user_id: Id) -> Call[None]:
    return Call("POST", "/recommend/" + _segment("user_id", user_id) + "?wait=false", _nothing, accepted=(202,),
                repeatable=False)


def recommendations(user_id: Id) -> Call[list[str]]:
    def read(text: str, status: int) -> list[str]:
        document = _json(text)
        return _strings(document.get("recommendations") if isinstance(document, dict) else None, "recommendations")

    return Call("GET", "/recommendations/" + _segment("user_id", user_id), read)


def recommendation_page(user_id: Id, limit: int | None, offset: int | None,
                        cursor: str | None) -> Call[answers.ListPage]:
    asked = {name: value for name, value in (("limit", limit), ("offset", offset), ("cursor", cursor))
             if value is not None}
    return Call("GET", "/recommendations/" + _segment("user_id", user_id) + "?" + urlencode(asked or {"offset": 0}),
                _reader(answers.ListPage))


def similar_items(item_id: Id, limit: int, filter: Mapping[str, Any] | None) -> Call[answers.SimilarItems]:
    asked = {"limit": limit} | ({"filter": json.dumps(filter)} if filter is not None else {})
    return Call("GET", f"/items/{_segment('item_id', item_id)}/similar?{urlencode(asked)}",
                _reader(answers.SimilarItems))


def update_item(item_id: Id, attributes: Mapping[str, Any]) -> Call[answers.ItemState]:
    return Call("PUT", "/items/" + _segment("item_id", item_id), _reader(answers.ItemState), headers=_JSON,
                body=json.dumps(dict(attributes)).encode())


def reset_item(item_id: Id) -> Call[answers.ItemState]:
    return Call("DELETE", "/items/" + _segment("item_id", item_id), _reader(answers.ItemState))


def erase_user(user_id: Id) -> Call[answers.ErasedUser]:
    return Call("DELETE", "/users/" + _segment("user_id", user_id), _reader(answers.ErasedUser))


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
