"""Starts winnowd and redis-server for tests that are written in Python."""

import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

SOURCE = pathlib.Path(os.environ.get("WINNOW_SOURCE_DIR", pathlib.Path(__file__).parents[3]))
BIN = pathlib.Path(os.environ.get("WINNOW_BIN_DIR", SOURCE / "build/release/bin"))
BOOKSHOP = SOURCE / "tests/fixtures/bookshop"

sys.path.insert(0, str(SOURCE / "tools/client/python"))


def eventually(attempt, what, limit=60.0):
    """Repeats `attempt` until it returns something true, and returns that."""
    deadline = time.monotonic() + limit
    while True:
        value = attempt()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"timed out waiting for {what}")
        time.sleep(0.02)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def plain_environment():
    """The environment without Winnow's own settings, so that the daemon's come from its flags alone."""
    return {name: value for name, value in os.environ.items()
            if not name.startswith(("WINNOW_", "REDIS_")) and name not in ("MODEL_DIR", "ENV_FILE")}


class Daemon:
    """A winnowd with the bookshop's models, in an empty directory. Flags given here win over the usual ones."""

    def __init__(self, *flags, scheme="http", port=0):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="winnow-client-"))
        usual = ["--host", "127.0.0.1", "--port", str(port), "--admin", "off", "--store", "memory:",
                 "--model-dir", str(BOOKSHOP), "--learn-state", str(self.directory / "learned"),
                 "--stage-workers", "1", "--deadline", "20s"]
        given = set(flags[0::2])
        for name, value in zip(usual[0::2], usual[1::2]):
            flags += () if name in given else (name, value)
        self.output = self.directory / "output"
        self.errors = self.directory / "errors"
        with open(self.output, "wb") as output, open(self.errors, "wb") as errors:
            self.process = subprocess.Popen([BIN / "winnowd", *flags], cwd=self.directory, env=plain_environment(),
                                            stdin=subprocess.DEVNULL, stdout=output, stderr=errors)
        try:
            found = eventually(lambda: self._listening(), "winnowd to listen")
        except AssertionError:
            self.stop()
            raise
        self.port = int(found[1])
        self.url = f"{scheme}://127.0.0.1:{self.port}"

    def _listening(self):
        text = self.output.read_text()
        if self.process.poll() is not None:
            raise AssertionError("winnowd does not start:\n" + self.errors.read_text())
        return re.search(r"^winnowd listening on https?://\S+:(\d+)$", text, re.M)

    def wait_until_ready(self):
        def ready():
            try:
                return urllib.request.urlopen(self.url + "/readyz", timeout=10).status == 200
            except OSError:
                return False
        eventually(ready, "winnowd to be ready")
        return self

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)


class Redis:
    """A redis-server on a port of its own."""

    def __init__(self):
        self.port = free_port()
        self.directory = tempfile.mkdtemp(prefix="winnow-redis-")
        self.process = subprocess.Popen(["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
                                         "--dir", self.directory],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        eventually(self._answers, "redis-server to answer")

    def _answers(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        except OSError:
            return False

    def stop(self):
        self.process.terminate()
        self.process.wait(30)
        shutil.rmtree(self.directory, ignore_errors=True)


def certificate(directory, name="localhost"):
    """A new self-signed certificate for this machine: (file, key)."""
    file, key = f"{directory}/{name}.pem", f"{directory}/{name}.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-days", "2", "-subj", "/CN=" + name, "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                    "-keyout", key, "-out", file], check=True, capture_output=True)
    return file, key
