"""The Python client, blocking and asyncio, against a server that refuses, breaks off, hangs or talks nonsense."""

import pathlib
import select
import socket
import sys
import time
import unittest
from unittest import mock

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "support/python"))
import report  # noqa: E402
from cases import Cases, Waiting  # noqa: E402
from daemon import free_port  # noqa: E402
from scripted_server import BREAK, HANG, answer  # noqa: E402

import winnow_client as wc  # noqa: E402

LIST = answer(200, '{"status":"success","recommendations":["a"]}')


class ScriptedCases(Cases):
    def test_repeats_what_was_refused_after_the_pause_that_the_server_wants(self):
        for status in (429, 503):
            server = self.scripted(answer(status, '{"status":"error","message":"busy"}', Retry_After="1"), LIST)
            began = time.monotonic()
            self.assertEqual(self.client(server.url).recommendations("a"), ["a"])
            self.assertGreaterEqual(time.monotonic() - began, 1)
            self.assertEqual(len(server.requests), 2)

    def test_raises_at_once_if_the_pause_is_longer_than_the_time_left(self):
        server = self.scripted(answer(503, '{"status":"error","message":"busy"}', Retry_After="3600",
                                      X_Request_ID="xyz"))
        with self.assertRaises(wc.Unavailable) as caught:
            self.client(server.url).recommend("a")
        self.assertEqual((caught.exception.retry_after, caught.exception.request_id), (3600, "xyz"))

    def test_reads_a_date_as_the_time_to_come_back(self):
        server = self.scripted(answer(503, "{}", Retry_After="Wed, 21 Oct 2015 07:28:00 GMT"), LIST)
        self.assertEqual(self.client(server.url).recommendations("a"), ["a"])

    def test_gives_up_after_so_many_retries(self):
        server = self.scripted(*[answer(503, "{}")] * 3)
        with self.assertRaises(wc.Unavailable):
            self.client(server.url, retries=2).recommendations("a")
        self.assertEqual(len(server.requests), 3)

    def test_repeats_no_other_refusal(self):
        for status in (400, 401, 404, 500, 504, 507):
            server = self.scripted(answer(status, '{"status":"error","message":"no"}'))
            with self.assertRaises(wc.StatusError) as caught:
                self.client(server.url).recommendations("a")
            self.assertEqual((caught.exception.status, caught.exception.detail), (status, "no"))
            self.assertEqual(len(server.requests), 1)

    def test_repeats_after_a_broken_connection_only_what_may_be_done_twice(self):
        server = self.scripted(BREAK, LIST)
        self.assertEqual(self.client(server.url).recommendations("a"), ["a"])
        for ask in (lambda shop: shop.recommend("a"), lambda shop: shop.recommend_session(["b"]),
                    lambda shop: shop.recommend_many(["a"]), lambda shop: shop.rank("a", ["b"]),
                    lambda shop: shop.request_recommendation("a")):
            server = self.scripted(BREAK, LIST)
            with self.assertRaises(wc.ConnectionFailed) as caught:
                ask(self.client(server.url))
            self.assertFalse(caught.exception.repeatable)
            self.assertEqual(len(server.requests), 1)

    def test_connects_anew_if_a_kept_connection_has_ended(self):
        done = answer(202, '{"status":"success","message":""}')
        server = self.scripted(done, done, done, close_after=True)
        shop = self.client(server.url)
        for _ in range(3):
            shop.request_recommendation("a")
        self.assertEqual((len(server.requests), server.connections), (3, 3))

    def test_keeps_a_connection_unless_the_server_closes_it(self):
        server = self.scripted(LIST, LIST, answer(200, '{"recommendations":[]}', Connection="close"), LIST)
        shop = self.client(server.url)
        for _ in range(4):
            shop.recommendations("a")
        self.assertEqual(server.connections, 2)

    def test_times_out(self):
        server = self.scripted(HANG, [LIST[:30], b""], LIST)
        with self.assertRaises(wc.TimedOut) as caught:
            self.client(server.url, timeout=0.2).recommendations("a")
        self.assertIn("0.2 s", str(caught.exception))
        with self.assertRaises(wc.TimedOut):
            self.client(server.url, timeout=0.2).recommendations("a")

    def test_times_out_for_all_addresses_of_a_host_together(self):
        server = self.scripted(LIST)
        silent = self.full_listener()
        found = [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", address)
                 for address in (silent, ("127.0.0.1", int(server.url.rsplit(":")[-1])))]
        with mock.patch("socket.getaddrinfo", return_value=found), self.assertRaises(wc.TimedOut):
            self.client("http://shop.test", timeout=0.2).recommendations("a")
        # No time was left for the second address: the first connection that this one takes is the next.
        self.assertEqual(self.client(server.url).recommendations("a"), ["a"])
        self.assertEqual(server.connections, 1)

    def full_listener(self):
        """The address of a listener that takes no more connections, and says nothing to those who try."""
        listener = socket.create_server(("127.0.0.1", 0), backlog=0)
        self.addCleanup(listener.close)
        while True:
            waiting = socket.socket()
            self.addCleanup(waiting.close)
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
            _, connected, _ = select.select([], [waiting], [], 0.1)
            if not connected:
                return listener.getsockname()

    def test_names_the_address_where_nobody_listens(self):
        port = free_port()
        with self.assertRaises(wc.ConnectionFailed) as caught:
            self.client(f"http://127.0.0.1:{port}", retries=1).alive()
        self.assertIn(f"127.0.0.1:{port}", str(caught.exception))

    def test_reads_answers_that_come_in_pieces_chunks_or_to_the_end(self):
        body = b'{"recommendations":["a"]}'
        head = b"HTTP/1.1 200 OK\r\n"
        chunks = head + b"Transfer-Encoding: chunked\r\n\r\n5;x=y\r\n" + body[:5] + b"\r\n%x\r\n" % (len(body) - 5) + \
            body[5:] + b"\r\n0\r\nTrailer: 1\r\n\r\n"
        for whole in (LIST, chunks, b"HTTP/1.1 100 Continue\r\n\r\n" + LIST):
            server = self.scripted([whole[at:at + 1] for at in range(len(whole))], LIST)
            shop = self.client(server.url)
            self.assertEqual(shop.recommendations("a"), ["a"])
            self.assertEqual(shop.recommendations("a"), ["a"])
            self.assertEqual(server.connections, 1)
        server = self.scripted(head + b"\r\n" + body, close_after=True)
        self.assertEqual(self.client(server.url).recommendations("a"), ["a"])

    def test_refuses_answers_that_are_none_of_winnow(self):
        for wrong in (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", answer(200, "<html>"), answer(200, "[]"),
                      answer(200, '{"recommendations":[1]}'), b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
                      b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"):
            server = self.scripted(wrong)
            with self.assertRaises(wc.InvalidAnswer):
                self.client(server.url).recommendations("a")
        server = self.scripted(answer(200, '{"user_id":"a","recommendations":["b"]}'))
        with self.assertRaises(wc.InvalidAnswer) as caught:
            self.client(server.url).recommend("a")
        self.assertIn("Recommendation: expected the field source", str(caught.exception))

    def test_sends_one_request_id_a_call_and_the_prefix_of_its_url(self):
        server = self.scripted(answer(503, "{}"), LIST, LIST)
        shop = self.client(server.url + "/shop/", token="t")
        shop.recommendations("a b")
        shop.recommendations("c")
        ids = [headers["x-request-id"] for _, headers, _ in server.requests]
        self.assertEqual(ids[0], ids[1])
        self.assertNotEqual(ids[1], ids[2])
        self.assertEqual(server.requests[0][0], "GET /shop/recommendations/a%20b HTTP/1.1")
        self.assertEqual(server.requests[0][1]["authorization"], "Bearer t")

    def test_refuses_urls_that_it_cannot_use(self):
        for url in ("127.0.0.1:8001", "ftp://x", "http://", "http://u:p@x"):
            with self.assertRaises(ValueError):
                self.make(url)

    def test_refuses_tokens_that_no_header_can_carry(self):
        token = "5f0c3c2d8a7b4e6f"
        for wrong in ("\n", "\r\n", " ", "\r\nX-Request-ID: injected", "\u00fc", "\u2026", "=a"):
            with self.assertRaises(ValueError) as caught:
                self.make("http://127.0.0.1:1", token=token + wrong)
            self.assertNotIn(token, str(caught.exception))
        with self.assertRaisesRegex(ValueError, "line end of a file"):
            self.make("http://127.0.0.1:1", token=token + "\n")
        self.client("http://127.0.0.1:1", token=token + "-._~+/==")


class BlockingWithScript(ScriptedCases, unittest.TestCase):
    make = wc.Winnow


class AsyncWithScript(ScriptedCases, unittest.TestCase):
    make = Waiting


if __name__ == "__main__":
    report.main("client-python-failures")
