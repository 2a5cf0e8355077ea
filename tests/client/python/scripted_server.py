"""A server that answers with given bytes, for what the daemon never does on demand."""

import socket
import threading

HANG = object()  # in place of an answer: nothing comes, and the connection stays open
BREAK = object()  # in place of an answer: the connection ends


def answer(status, body, **headers):
    """The bytes of an answer with a length."""
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body.encode()


class ScriptedServer:
    """Sends one answer a request, in order; the bytes may be a list of pieces. Keeps the requests in `requests`
    and counts the connections."""

    def __init__(self, *answers, close_after=False):
        self.answers = list(answers)
        self.close_after = close_after  # ends each connection after an answer, without saying so
        self.requests = []
        self.connections = 0
        self._open = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        for one in [self._listener, *self._open]:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            one.close()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with connection:
            try:
                while self._answer(connection):
                    pass
            except OSError:
                pass

    def _answer(self, connection):
        raw = b""
        while b"\r\n\r\n" not in raw:
            data = connection.recv(65536)
            if not data:
                return False
            raw += data
        head, _, body = raw.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
        while len(body) < int(headers.get("content-length", 0)):
            body += connection.recv(65536)
        self.requests.append((lines[0], headers, body))
        wanted = self.answers.pop(0)
        if wanted is BREAK:
            return False
        if wanted is HANG:
            return bool(connection.recv(1))
        for piece in [wanted] if isinstance(wanted, bytes) else wanted:
            connection.sendall(piece)
        return not self.close_after
