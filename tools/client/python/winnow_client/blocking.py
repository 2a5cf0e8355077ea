"""The client that blocks."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, TypeVar, Unpack

from . import answers, calls, wire
from .calls import Id
from .connecting import Connecting, Options, address_of
from .errors import ConnectionFailed, StatusError
from .retrying import Attempts

T = TypeVar("T")


class Winnow:
    """Asks one daemon. Threads may share it: each call has a connection of its own, which is kept for later calls.

    The options are the fields of `Connecting`: timeout, retries, token, ca_file, certificate, key, connections.
    """

    def __init__(self, url: str = "http://127.0.0.1:8001", **options: Unpack[Options]) -> None:
        self.settings = Connecting(**options)
        self.address = address_of(url, self.settings)
        self._idle: list[socket.socket] = []
        self._lock = threading.Lock()

    def __enter__(self) -> Winnow:
        return self

    def __exit__(self, kind: type[BaseException] | None, raised: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Closes the idle connections. The client can still be used."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    # ---- what can be asked ----

    def recommend(self, user_id: Id, *, scores: bool = False, explain: bool = False,
                   query: Mapping[str, Any] | None = None) -> answers.Recommendation:
        """Computes the user's list, and returns it. NotFound: the user has no profile.

        `query` has the members of the body, such as limit, filter and boost; without one, the list is also stored.
        """
        return self._ask(calls.recommend(user_id, scores, explain, query))

    def recommend_session(self, history: Iterable[str], *, scores: bool = False, explain: bool = False,
                           query: Mapping[str, Any] | None = None) -> answers.Recommendation:
        """Computes a list from a history, oldest item first. Nothing is read or stored."""
        return self._ask(calls.recommend_session(history, scores, explain, query))

    def recommend_many(self, users: Iterable[str | Mapping[str, Any]], *, scores: bool = False,
                        explain: bool = False, query: Mapping[str, Any] | None = None
                        ) -> list[answers.Recommendation | StatusError]:
        """Computes lists for up to 200 users, in order; for one that failed, why. `query` has the defaults of all."""
        return self._ask(calls.recommend_many(users, scores, explain, query))

    def rank(self, user_id: Id, items: Iterable[str], *, scores: bool = False, explain: bool = False,
              query: Mapping[str, Any] | None = None) -> answers.Recommendation:
        """Ranks up to 1,000 items for the user. Nothing is stored."""
        return self._ask(calls.rank(user_id, items, scores, explain, query))

    def request_recommendation(self, user_id: Id) -> None:
        """Returns at once; the list is computed afterwards."""
        return self._ask(calls.request(user_id))

    def recommendations(self, user_id: Id) -> list[str]:
        """The user's stored list. NotFound: there is none."""
        return self._ask(calls.recommendations(user_id))

    def recommendation_page(self, user_id: Id, *, limit: int | None = None, offset: int | None = None,
                            cursor: str | None = None) -> answers.ListPage:
        """A page of the user's stored list; `cursor` is the `next` of the one before, of the same version of the list.

        NotFound: there is no list. ListChanged: it has changed since; begin anew without a cursor.
        """
        return self._ask(calls.recommendation_page(user_id, limit, offset, cursor))

    def item(self, item_id: Id) -> answers.Item:
        """What is known about an item. NotFound: the models do not know it."""
        return self._ask(calls.item(item_id))

    def popular(self, *, limit: int = 20, window: str = "all") -> answers.Popular:
        """The items that were taken most: in all (`all`), or lately (`recent`)."""
        return self._ask(calls.popular(limit, window))

    def similar_items(self, item_id: Id, *, limit: int = 10,
                      filter: Mapping[str, Any] | None = None) -> answers.SimilarItems:
        """Items that are similar to an item, of those that pass. NotFound: the models do not know it."""
        return self._ask(calls.similar_items(item_id, limit, filter))

    def update_item(self, item_id: Id, attributes: Mapping[str, Any]) -> answers.ItemState:
        """Changes an item's attributes at once; None removes a value, attributes that are not named keep theirs."""
        return self._ask(calls.update_item(item_id, attributes))

    def reset_item(self, item_id: Id) -> answers.ItemState:
        """Undoes the changes of an item's attributes: the items file alone counts again."""
        return self._ask(calls.reset_item(item_id))

    def erase_user(self, user_id: Id) -> answers.ErasedUser:
        """Erases a user's profiles, lists, and what was learned that names the user. No error if there is nothing."""
        return self._ask(calls.erase_user(user_id))

    def write_profile(self, user_id: Id, items: Iterable[str]) -> None:
        """Writes a user's history, oldest item first. Only with an embedded store."""
        return self._ask(calls.write_profile(user_id, items))

    def read_profile(self, user_id: Id) -> list[str]:
        """A user's newest history. Only with an embedded store. NotFound: there is none."""
        return self._ask(calls.read_profile(user_id))

    def delete_profile(self, user_id: Id) -> None:
        """Removes a user's histories of all times. Only with an embedded store. No error if there is none."""
        return self._ask(calls.delete_profile(user_id))

    def health(self) -> answers.Health:
        """Whether recommendations can be served. An answer of 503 is no error here."""
        return self._ask(calls.health())

    def readiness(self) -> answers.Readiness:
        """Whether to send requests, and the reasons if not. An answer of 503 is no error here."""
        return self._ask(calls.readiness())

    def alive(self) -> bool:
        """True; raises if the process does not answer."""
        return self._ask(calls.alive())

    def metrics(self) -> answers.Metrics:
        """Counts of the store's keys, and all metrics as JSON."""
        return self._ask(calls.metrics())

    def metrics_text(self) -> str:
        """All metrics as Prometheus text."""
        return self._ask(calls.metrics_text())

    # ---- how it is asked ----

    def _ask(self, call: calls.Call[T]) -> T:
        attempts = Attempts(call, self.address, self.settings)
        while True:
            try:
                return attempts.result(self._attempt(attempts))
            except (ConnectionFailed, StatusError) as failure:
                time.sleep(attempts.pause_after(failure))

    def _attempt(self, attempts: Attempts[Any]) -> wire.Answer:
        with self._lock:
            kept = self._idle.pop() if self._idle else None
        if kept is not None:
            answer = self._exchange(attempts, kept, kept=True)
            if answer is not None:
                return answer
        answer = self._exchange(attempts, self._connect(attempts), kept=False)
        assert answer is not None
        return answer

    def _connect(self, attempts: Attempts[Any]) -> socket.socket:
        try:
            made = self._reach(attempts)
        except TimeoutError as late:
            raise attempts.timed_out() from late
        except OSError as failure:
            raise attempts.broken(failure, sent=False) from failure
        try:
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.address.tls is None:
                return made
            made.settimeout(attempts.time_left())
            return self.address.tls.wrap_socket(made, server_hostname=self.address.host)
        except TimeoutError as late:
            made.close()
            raise attempts.timed_out() from late
        except OSError as failure:
            made.close()
            raise attempts.broken(failure, sent=False) from failure
        except BaseException:
            made.close()
            raise

    def _reach(self, attempts: Attempts[Any]) -> socket.socket:
        """Tries the host's addresses, all of them within the time that is left."""
        last: OSError | None = None
        for family, kind, protocol, _, where in socket.getaddrinfo(self.address.host, self.address.port,
                                                                   type=socket.SOCK_STREAM):
            made: socket.socket | None = None
            try:
                made = socket.socket(family, kind, protocol)
                made.settimeout(attempts.time_left())
                made.connect(where)
                return made
            except BaseException as failure:
                if made is not None:
                    made.close()
                if isinstance(failure, TimeoutError) or not isinstance(failure, OSError):
                    raise
                last = failure
        raise last or OSError(f"{self.address.host} has no address")

    def _exchange(self, attempts: Attempts[Any], connection: socket.socket, kept: bool) -> wire.Answer | None:
        """None: the connection was kept too long, and the daemon had closed it before it saw the request."""
        answer = wire.Answer()
        try:
            connection.settimeout(attempts.time_left())
            connection.sendall(attempts.request)
            while not answer.complete:
                connection.settimeout(attempts.time_left())
                data = connection.recv(65_536)
                answer.feed(data)
                if not data and not answer.complete:
                    raise ConnectionResetError("the connection ended before the answer")
        except TimeoutError as late:
            connection.close()
            raise attempts.timed_out() from late
        except OSError as failure:
            connection.close()
            if kept and not answer.begun:
                return None
            raise attempts.broken(failure, sent=True) from failure
        except BaseException:
            connection.close()
            raise
        with self._lock:
            if answer.keeps_connection and len(self._idle) < self.settings.connections:
                self._idle.append(connection)
                return answer
        connection.close()
        return answer
