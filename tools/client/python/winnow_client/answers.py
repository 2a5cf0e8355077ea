"""The daemon's answers. The fields are those of the schemas in /openapi.json, except for `status` and `message`.

None stands for a field that the answer does not have. Fields that a newer daemon adds are left out.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from dataclasses import dataclass
from typing import Any, TypeVar

from .errors import InvalidAnswer

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an item is on the list: the history item to which the model paid most attention."""

    item: str
    history_item: str
    weight: float


@dataclass(frozen=True, slots=True)
class ItemScores:
    """An item's scores at each stage that ranked it."""

    item_id: str
    lightgcn: float | None = None
    transitions: float | None = None
    sources: list[str] | None = None
    adopted: bool | None = None
    din: float | None = None
    ranknet: float | None = None


@dataclass(frozen=True, slots=True)
class WithheldItem:
    """An item that the query names and that no list may have: `hidden`, `expired` or `denied`."""

    item_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A list that was computed, best item first. A session has no user_id."""

    recommendations: list[str]
    source: str
    model_version: str
    user_id: str | None = None
    degraded: list[str] | None = None
    truncated: int | None = None
    shortage: str | None = None
    withheld: list[WithheldItem] | None = None
    items: list[dict[str, Any]] | None = None
    scores: list[ItemScores] | None = None
    because: list[Reason] | None = None


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of a stored list. `next` is the cursor of the next one; the last page has none."""

    recommendations: list[str]
    offset: int | None = None
    total: int | None = None
    next: str | None = None


@dataclass(frozen=True, slots=True)
class SimilarItem:
    """An item that is similar to another."""

    item_id: str
    score: float
    sources: list[str]
    cosine: float | None = None
    transition: float | None = None
    adopted: bool | None = None


@dataclass(frozen=True, slots=True)
class SimilarItems:
    """The items that are similar to one, the most similar first."""

    item_id: str
    similar: list[SimilarItem]
    model_version: str


@dataclass(frozen=True, slots=True)
class Item:
    """What is known about an item."""

    item_id: str
    attributes: dict[str, Any]
    model_version: str
    taken: float | None = None
    adopted: bool | None = None
    withheld: str | None = None


@dataclass(frozen=True, slots=True)
class ItemState:
    """An item after a change. `kept`: whether the change outlives a restart of the daemon."""

    item_id: str
    attributes: dict[str, Any]
    known: bool
    kept: bool
    withheld: str | None = None


@dataclass(frozen=True, slots=True)
class ErasedCounts:
    """How much was erased of a user."""

    profiles: int
    lists: int
    results: int
    events: int
    learned: int


@dataclass(frozen=True, slots=True)
class ErasedUser:
    """What was erased of a user, and what still names it."""

    user_id: str
    erased: ErasedCounts
    remaining: list[str]


@dataclass(frozen=True, slots=True)
class PopularItem:
    """An item, and how often it was taken."""

    item_id: str
    taken: float


@dataclass(frozen=True, slots=True)
class Popular:
    """The items that were taken most."""

    popular: list[PopularItem]
    model_version: str


@dataclass(frozen=True, slots=True)
class Health:
    """What /health answers."""

    status: str
    model_loaded: bool


@dataclass(frozen=True, slots=True)
class Readiness:
    """What /readyz answers: `ready`, `degraded` or `not ready`, and why."""

    status: str
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class Metrics:
    """Counts of the store's keys. `everything` is the whole JSON document, which has more."""

    redis_keys: int | None
    user_profiles: int | None
    recommendations: int | None
    counted_seconds_ago: int | None = None
    store_error: str | None = None
    everything: dict[str, Any] = dataclasses.field(default_factory=dict, repr=False)


def read(kind: type[T], document: Any, where: str) -> T:
    """Makes `kind`, a dataclass of this module, from a JSON document. Raises InvalidAnswer if it does not fit."""
    if not isinstance(document, dict):
        raise InvalidAnswer(f"{where}: expected a JSON object, got {type(document).__name__}")
    hints = typing.get_type_hints(kind)
    values: dict[str, Any] = {}
    for field in dataclasses.fields(kind):
        if field.name == "everything":
            values[field.name] = document
        elif field.name in document:
            values[field.name] = _value(hints[field.name], document[field.name], f"{where}.{field.name}")
        elif field.default is dataclasses.MISSING:
            raise InvalidAnswer(f"{where}: expected the field {field.name}")
    return kind(**values)


def _value(hint: Any, value: Any, where: str) -> Any:
    origin = typing.get_origin(hint)
    if origin is types.UnionType:
        if value is None:
            return None
        hint = next(one for one in typing.get_args(hint) if one is not types.NoneType)
        origin = typing.get_origin(hint)
    if origin is list:
        (of,) = typing.get_args(hint)
        if not isinstance(value, list):
            raise InvalidAnswer(f"{where}: expected an array, got {type(value).__name__}")
        return [_value(of, one, f"{where}[{at}]") for at, one in enumerate(value)]
    if origin is dict:
        if not isinstance(value, dict):
            raise InvalidAnswer(f"{where}: expected a JSON object, got {type(value).__name__}")
        return value
    if dataclasses.is_dataclass(hint):
        return read(typing.cast(type, hint), value, where)
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not hint:
        raise InvalidAnswer(f"{where}: expected {hint.__name__}, got {type(value).__name__}")
    return value
