"""Where the daemon is and how to talk to it."""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass
from typing import TypedDict
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Connecting:
    """The settings of a client.

    timeout: seconds for a whole call, with its retries and the pauses between them.
    retries: how often a call is repeated at most; see the README for what is repeated.
    token: sent as `Authorization: Bearer …`; it must have the form that RFC 6750 gives a token.
    ca_file: PEM file with the authorities, or the certificate itself, to trust; None: those of the system.
    certificate, key: PEM files of the client's own certificate; the key may be in the certificate's file.
    connections: how many idle connections are kept for later calls.
    """

    timeout: float = 5.0
    retries: int = 2
    token: str | None = None
    ca_file: str | None = None
    certificate: str | None = None
    key: str | None = None
    connections: int = 8

    def __post_init__(self) -> None:
        if self.token:
            _check_token(self.token)


class Options(TypedDict, total=False):
    """The keyword arguments of both clients: the fields of `Connecting`."""

    timeout: float
    retries: int
    token: str | None
    ca_file: str | None
    certificate: str | None
    key: str | None
    connections: int


@dataclass(frozen=True)
class Address:
    """A parsed URL."""

    host: str
    port: int
    prefix: str
    tls: ssl.SSLContext | None

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def address_of(url: str, settings: Connecting) -> Address:
    """Parses `http://host[:port][/prefix]` or `https://…`. Raises ValueError if it is neither."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.username:
        raise ValueError(f"expected http://HOST:PORT or https://HOST:PORT, got {url!r}")
    tls = _tls_context(settings) if parts.scheme == "https" else None
    return Address(parts.hostname, parts.port or (443 if tls else 80), parts.path.rstrip("/"), tls)


def _check_token(token: str) -> None:
    """Raises ValueError, which does not show the token, if it is none: a line end in it would begin another header."""
    if re.fullmatch(r"[A-Za-z0-9._~+/-]+=*", token):
        return
    if token != token.strip():
        raise ValueError("token: expected no white space around it, such as the line end of a file that it was read from")
    raise ValueError("token: expected letters, digits and -._~+/, with = at the end")


def _tls_context(settings: Connecting) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=settings.ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if settings.ca_file:
        # A file with the daemon's own certificate is trusted, although no authority has issued it.
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    if settings.certificate:
        context.load_cert_chain(settings.certificate, settings.key)
    return context
