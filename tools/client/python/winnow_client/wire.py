"""HTTP/1.1 as bytes: writes requests and reads answers, for sockets and for asyncio alike."""

from __future__ import annotations

from .connecting import Address
from .errors import InvalidAnswer

MOST_HEAD_BYTES = 65_536
MOST_BODY_BYTES = 64 << 20


def request_bytes(address: Address, method: str, target: str, headers: dict[str, str], body: bytes) -> bytes:
    lines = [f"{method} {address.prefix}{target} HTTP/1.1", f"Host: {address.authority}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body or method in ("POST", "PUT"):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


class Answer:
    """An answer that arrives piece by piece: `feed` takes bytes until `complete`."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = bytearray()
        self.complete = False
        self.begun = False
        self._raw = bytearray()
        self._missing: int | None = None  # of the body or of the chunk; None: until the connection ends
        self._chunked = False
        self._in_trailer = False

    @property
    def keeps_connection(self) -> bool:
        return self.complete and not self._raw and not self._until_end and \
            self.headers.get("connection", "").lower() != "close"

    @property
    def _until_end(self) -> bool:
        return not self._chunked and self._missing is None

    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def feed(self, data: bytes) -> None:
        """Takes what has arrived; no bytes mean that the connection has ended."""
        if not data:
            if self.status and self._until_end:
                self.complete = True
            return
        self.begun = True
        self._raw += data
        while not self.complete and self._step():
            pass

    def _step(self) -> bool:
        if not self.status:
            return self._read_head()
        if self._chunked:
            return self._read_chunk()
        taken = len(self._raw) if self._missing is None else min(self._missing, len(self._raw))
        self._take(taken)
        if self._missing is not None:
            self._missing -= taken
            self.complete = self._missing == 0
        return False

    def _take(self, count: int) -> None:
        self.body += self._raw[:count]
        del self._raw[:count]
        if len(self.body) > MOST_BODY_BYTES:
            raise InvalidAnswer(f"expected at most {MOST_BODY_BYTES} bytes")

    def _read_head(self) -> bool:
        end = self._raw.find(b"\r\n\r\n")
        if end < 0:
            if len(self._raw) > MOST_HEAD_BYTES:
                raise InvalidAnswer(f"expected a head of at most {MOST_HEAD_BYTES} bytes")
            return False
        first, *lines = self._raw[:end].decode("latin-1").split("\r\n")
        words = first.split(" ", 2)
        if len(words) < 2 or not words[0].startswith("HTTP/1.") or not (words[1].isascii() and words[1].isdigit()):
            raise InvalidAnswer(f"expected an HTTP/1.1 answer, got {first[:80]!r}")
        del self._raw[:end + 4]
        if words[1].startswith("1"):  # 100 Continue: the answer follows
            return True
        self.status = int(words[1])
        for line in lines:
            name, _, value = line.partition(":")
            self.headers[name.strip().lower()] = value.strip()
        self._chunked = self.headers.get("transfer-encoding", "").lower() == "chunked"
        length = self.headers.get("content-length")
        if length is not None and not (length.isascii() and length.isdigit()):
            raise InvalidAnswer(f"expected a length, got {length!r}")
        if self.status in (204, 304):
            length = "0"
        if not self._chunked and length is not None:
            self._missing = int(length)
            self.complete = self._missing == 0
        return True

    def _read_chunk(self) -> bool:
        if self._missing:
            taken = min(self._missing, len(self._raw))
            self._take(taken)
            self._missing -= taken
            return taken > 0
        end = self._raw.find(b"\r\n")
        if end < 0:
            return False
        line = bytes(self._raw[:end])
        del self._raw[:end + 2]
        if self._in_trailer:
            self.complete = not line
        elif self._missing == 0:  # the line end behind a chunk
            self._missing = None
        else:
            try:
                self._missing = int(line.split(b";")[0], 16)
            except ValueError:
                raise InvalidAnswer(f"expected the length of a chunk, got {line[:40]!r}") from None
            self._in_trailer = self._missing == 0
        return True
