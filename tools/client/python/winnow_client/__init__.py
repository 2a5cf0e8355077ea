"""A client of the recommendation daemon Winnow: `Winnow` blocks, `AsyncWinnow` is for asyncio.

Both have the same methods, raise the same exceptions and need nothing but the standard library.
"""

from .answers import (
    ErasedCounts,
    ErasedUser,
    Health,
    Item,
    ItemScores,
    ListPage,
    ItemState,
    Metrics,
    Popular,
    PopularItem,
    Readiness,
    Reason,
    Recommendation,
    SimilarItem,
    SimilarItems,
    WithheldItem,
)
from .asynchronous import AsyncWinnow
from .blocking import Winnow
from .connecting import Connecting
from .errors import (
    BadRequest,
    ConnectionFailed,
    DeadlinePassed,
    Forbidden,
    InvalidAnswer,
    InvalidProfile,
    ListChanged,
    NotFound,
    StatusError,
    StoreFull,
    TimedOut,
    TooManyRequests,
    Unauthorized,
    Unavailable,
    WinnowError,
    WrongType,
)

__version__ = "0.1.0"

__all__ = [
    "AsyncWinnow",
    "BadRequest",
    "Connecting",
    "ConnectionFailed",
    "DeadlinePassed",
    "ErasedCounts",
    "ErasedUser",
    "Forbidden",
    "Health",
    "InvalidAnswer",
    "InvalidProfile",
    "Item",
    "ItemScores",
    "ListChanged",
    "ListPage",
    "ItemState",
    "Metrics",
    "NotFound",
    "Popular",
    "PopularItem",
    "Readiness",
    "Reason",
    "Recommendation",
    "SimilarItem",
    "SimilarItems",
    "StatusError",
    "StoreFull",
    "TimedOut",
    "TooManyRequests",
    "Unauthorized",
    "Unavailable",
    "Winnow",
    "WinnowError",
    "WrongType",
    "WithheldItem",
]
