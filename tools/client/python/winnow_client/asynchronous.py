"""The client for asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, TypeVar, Unpack

from . import answers, calls, wire
from .calls import Id
from .connecting import Connecting, Options, address_of
from .errors import ConnectionFailed, StatusError
from .retrying import Attempts

T = TypeVar("T")


class _Connection:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def close(self) -> None:
        self.writer.transport.abort()


class AsyncWinnow:
    """Asks one daemon from the tasks of one event loop. The methods are those of `Winnow`."""

    def __init__(self, url: str = "http://127.0.0.1:8001", **options: Unpack[Options]) -> None:
        self.settings = Connecting(**options)
        self.address = address_of(url, self.settings)
        self._idle: list[_Connection] = []

    async def __aenter__(self) -> AsyncWinnow:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, raised: BaseException | None,
                        trace: TracebackType | None) -> None:
        await self.close()

    async def close(self) -> None:
        """Closes the idle connections. The client can still be used."""
        idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()
        await asyncio.sleep(0)  # lets the transports close

    # ---- what can be asked ----

    async def recommend(self, user_id: Id, *, scores: bool = False, explain: bool = False,
                         query: Mapping[str, Any] | None = None) -> answers.Recommendation:
        """Computes the user's list, and returns it. NotFound: the user has no profile.

        `query` has the members of the body, such as limit, filter and boost; without one, the list is also stored.
        """
        return await self._ask(calls.recommend(user_id, scores, explain, query))

    async def recommend_session(self, history: Iterable[str], *, scores: bool = False, explain: bool = False,
                                 query: Mapping[str, Any] | None = None) -> answers.Recommendation:
        """Computes a list from a history, oldest item first. Nothing is read or stored."""
        return await self._ask(calls.recommend_session(history, scores, explain, query))

    async def recommend_many(self, users: Iterable[str | Mapping[str, Any]], *, scores: bool = False,
                              explain: bool = False, query: Mapping[str, Any] | None = None
                              ) -> list[answers.Recommendation | StatusError]:
        """Computes lists for up to 200 users, in order; for one that failed, why. `query` has the defaults of all."""
        return await self._ask(calls.recommend_many(users, scores, explain, query))

    async def rank(self, user_id: Id, items: Iterable[str], *, scores: bool = False, explain: bool = False,
                    query: Mapping[str, Any] | None = None) -> answers.Recommendation:
        """Ranks up to 1,000 items for the user. Nothing is stored."""
        return await self._ask(calls.rank(user_id, items, scores, explain, query))

    async def request_recommendation(self, user_id: Id) -> None:
        """Returns at once; the list is computed afterwards."""
        return await self._ask(calls.request(user_id))

    async def recommendations(self, user_id: Id) -> list[str]:
        """The user's stored list. NotFound: there is none."""
        return await self._ask(calls.recommendations(user_id))

    async def recommendation_page(self, user_id: Id, *, limit: int | None = None, offset: int | None = None,
                                  cursor: str | None = None) -> answers.ListPage:
        """A page of the user's stored list; `cursor` is the `next` of the one before, of the same version of the list.

        NotFound: there is no list. ListChanged: it has changed since; begin anew without a cursor.
        """
        return await self._ask(calls.recommendation_page(user_id, limit, offset, cursor))

    async def item(self, item_id: Id) -> answers.Item:
        """What is known about an item. NotFound: the models do not know it."""
        return await self._ask(calls.item(item_id))

    async def popular(self, *, limit: int = 20, window: str = "all") -> answers.Popular:
        """The items that were taken most: in all (`all`), or lately (`recent`)."""
        return await self._ask(calls.popular(limit, window))

    async def similar_items(self, item_id: Id, *, limit: int = 10,
                            filter: Mapping[str, Any] | None = None) -> answers.SimilarItems:
        """Items that are similar to an item, of those that pass. NotFound: the models do not know it."""
        return await self._ask(calls.similar_items(item_id, limit, filter))

    async def update_item(self, item_id: Id, attributes: Mapping[str, Any]) -> answers.ItemState:
        """Changes an item's attributes at once; None removes a value, attributes that are not named keep theirs."""
        return await self._ask(calls.update_item(item_id, attributes))

    async def reset_item(self, item_id: Id) -> answers.ItemState:
        """Undoes the changes of an item's attributes: the items file alone counts again."""
        return await self._ask(calls.reset_item(item_id))

    async def erase_user(self, user_id: Id) -> answers.ErasedUser:
        """Erases a user's profiles, lists, and what was learned that names the user. No error if there is nothing."""
        return await self._ask(calls.erase_user(user_id))

    async def write_profile(self, user_id: Id, items: Iterable[str]) -> None:
        """Writes a user's history, oldest item first. Only with an embedded store."""
        return await self._ask(calls.write_profile(user_id, items))

    async def read_profile(self, user_id: Id) -> list[str]:
        """A user's newest history. Only with an embedded store. NotFound: there is none."""
        return await self._ask(calls.read_profile(user_id))

    async def delete_profile(self, user_id: Id) -> None:
        """Removes a user's histories of all times. Only with an embedded store. No error if there is none."""
        return await self._ask(calls.delete_profile(user_id))

    async def health(self) -> answers.Health:
        """Whether recommendations can be served. An answer of 503 is no error here."""
        return await self._ask(calls.health())

    async def readiness(self) -> answers.Readiness:
        """Whether to send requests, and the reasons if not. An answer of 503 is no error here."""
        return await self._ask(calls.readiness())

    async def alive(self) -> bool:
        """True; raises if the process does not answer."""
        return await self._ask(calls.alive())

    async def metrics(self) -> answers.Metrics:
        """Counts of the store's keys, and all metrics as JSON."""
        return await self._ask(calls.metrics())

    async def metrics_text(self) -> str:
        """All metrics as Prometheus text."""
        return await self._ask(calls.metrics_text())

    # ---- how it is asked ----

    async def _ask(self, call: calls.Call[T]) -> T:
        attempts = Attempts(call, self.address, self.settings)
        while True:
            try:
                return attempts.result(await self._attempt(attempts))
            except (ConnectionFailed, StatusError) as failure:
                await asyncio.sleep(attempts.pause_after(failure))

    async def _attempt(self, attempts: Attempts[Any]) -> wire.Answer:
        try:
            async with asyncio.timeout(attempts.time_left()):
                if self._idle:
                    answer = await self._exchange(attempts, self._idle.pop(), kept=True)
                    if answer is not None:
                        return answer
                answer = await self._exchange(attempts, await self._connect(attempts), kept=False)
                assert answer is not None
                return answer
        except TimeoutError as late:
            raise attempts.timed_out() from late

    async def _connect(self, attempts: Attempts[Any]) -> _Connection:
        name = self.address.host if self.address.tls else None
        try:
            return _Connection(*await asyncio.open_connection(self.address.host, self.address.port,
                                                              ssl=self.address.tls, server_hostname=name))
        except TimeoutError:
            raise
        except OSError as failure:
            raise attempts.broken(failure, sent=False) from failure

    async def _exchange(self, attempts: Attempts[Any], connection: _Connection, kept: bool) -> wire.Answer | None:
        """None: the connection was kept too long, and the daemon had closed it before it saw the request."""
        answer = wire.Answer()
        try:
            connection.writer.write(attempts.request)
            await connection.writer.drain()
            while not answer.complete:
                data = await connection.reader.read(65_536)
                answer.feed(data)
                if not data and not answer.complete:
                    raise ConnectionResetError("the connection ended before the answer")
        except TimeoutError:
            connection.close()
            raise
        except OSError as failure:
            connection.close()
            if kept and not answer.begun:
                return None
            raise attempts.broken(failure, sent=True) from failure
        except BaseException:
            connection.close()
            raise
        if answer.keeps_connection and len(self._idle) < self.settings.connections:
            self._idle.append(connection)
        else:
            connection.close()
        return answer
