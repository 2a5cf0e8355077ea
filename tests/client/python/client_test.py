"""The Python client, blocking and asyncio, against a real winnowd."""

import asyncio
import concurrent.futures
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "support/python"))
import report  # noqa: E402
from cases import Cases, Waiting  # noqa: E402
from daemon import Daemon, certificate, eventually, free_port  # noqa: E402

import winnow_client as wc  # noqa: E402

BOOKS = ["599535258X", "7183962873", "1942084730"]
TOKEN = "5f0c3c2d8a7b4e6f9d1a2b3c4d5e6f70"
READ_TOKEN = "e1d2c3b4a5968778695a4b3c2d1e0f00"


class DaemonCases(Cases):
    @classmethod
    def setUpClass(cls):
        cls.shared = Daemon().wait_until_ready()

    @classmethod
    def tearDownClass(cls):
        cls.shared.stop()

    def setUp(self):
        self.shop = self.client(self.shared.url)

    def test_writes_reads_and_deletes_a_profile(self):
        self.shop.write_profile("anna", BOOKS)
        self.assertEqual(self.shop.read_profile("anna"), BOOKS)
        self.shop.delete_profile("anna")
        with self.assertRaises(wc.NotFound):
            self.shop.read_profile("anna")
        self.shop.delete_profile("anna")

    def test_computes_a_list_with_scores_and_reasons(self):
        self.shop.write_profile("ben", BOOKS)
        plain = self.shop.recommend("ben")
        self.assertEqual(len(plain.recommendations), 20)
        self.assertEqual((plain.user_id, plain.source), ("ben", "history_mean"))
        self.assertIsNone(plain.scores)
        self.assertIsNone(plain.because)
        full = self.shop.recommend("ben", scores=True, explain=True)
        self.assertEqual([one.item_id for one in full.scores], full.recommendations)
        self.assertIsInstance(full.scores[0].din, float)
        self.assertEqual([one.item for one in full.because], full.recommendations)
        self.assertIn(full.because[0].history_item, BOOKS)
        self.assertEqual(self.shop.recommendations("ben"), full.recommendations)
        first = self.shop.recommendation_page("ben", limit=12)
        last = self.shop.recommendation_page("ben", cursor=first.next)
        self.assertEqual(first.recommendations + last.recommendations, full.recommendations)
        self.assertEqual((last.offset, last.total, last.next), (12, 20, None))
        with self.assertRaises(wc.ListChanged):
            self.shop.recommendation_page("ben", cursor="0" * 16 + "-1-1")

    def test_asks_for_a_list_without_waiting(self):
        self.shop.write_profile("clara", BOOKS)
        self.assertIsNone(self.shop.request_recommendation("clara"))

        def stored():
            try:
                return self.shop.recommendations("clara")
            except wc.NotFound:
                return None
        self.assertEqual(len(eventually(stored, "the list")), 20)

    def test_asks_for_other_lists(self):
        self.shop.write_profile("dora", BOOKS)
        plain = self.shop.recommend("dora").recommendations
        short = self.shop.recommend("dora", query={"limit": 3, "exclude": plain[:1]})
        self.assertEqual(short.recommendations, plain[1:4])
        session = self.shop.recommend_session(BOOKS, query={"limit": 2})
        self.assertEqual((session.user_id, len(session.recommendations)), (None, 2))
        several = self.shop.recommend_many(["dora", "nobody", {"history": BOOKS, "limit": 1}], query={"limit": 4})
        self.assertEqual(several[0].recommendations, plain[:4])
        self.assertIsInstance(several[1], wc.NotFound)
        self.assertEqual(len(several[2].recommendations), 1)
        ranked = self.shop.rank("dora", BOOKS[:2], scores=True, explain=True)
        self.assertEqual(set(ranked.recommendations), set(BOOKS[:2]))
        self.assertTrue(ranked.scores and ranked.because)
        with self.assertRaises(wc.InvalidProfile) as caught:
            self.shop.recommend("dora", query={"limt": 3})
        self.assertIn("did you mean limit?", caught.exception.detail)

    def test_describes_items(self):
        self.assertEqual(self.shop.item(BOOKS[0]).item_id, BOOKS[0])
        with self.assertRaises(wc.NotFound):
            self.shop.item("nothing")
        self.assertLessEqual(len(self.shop.popular(limit=3).popular), 3)

    def test_finds_similar_items(self):
        found = self.shop.similar_items(BOOKS[0], limit=3)
        self.assertEqual((found.item_id, len(found.similar)), (BOOKS[0], 3))
        self.assertEqual(found.similar[0].sources, ["embedding"])
        self.assertGreater(found.similar[0].cosine, 0)

    def test_reads_probes_and_metrics(self):
        self.assertTrue(self.shop.alive())
        self.assertEqual(self.shop.health(), wc.Health("healthy", True))
        self.assertEqual(self.shop.readiness(), wc.Readiness("ready", []))
        self.assertIn("redis_keys", self.shop.metrics().everything)
        self.assertIn("\nwinnow_ready 1\n", self.shop.metrics_text())

    def test_takes_any_id(self):
        for user in ("with space/slash:1700000000?&#%", "читатель", b"bytes \xff\x01", "."):
            self.shop.write_profile(user, BOOKS)
            self.assertEqual(self.shop.read_profile(user), BOOKS)

    def test_refusals_carry_status_detail_and_request_id(self):
        with self.assertRaises(wc.NotFound) as caught:
            self.shop.recommend("nobody")
        self.assertEqual((caught.exception.status, caught.exception.detail), (404, "no profile of user nobody"))
        self.assertRegex(caught.exception.request_id, "^[0-9a-f]{16}$")
        self.assertIn(caught.exception.request_id, str(caught.exception))
        with self.assertRaises(wc.BadRequest) as caught:
            self.shop.similar_items(BOOKS[0], limit=1000)
        self.assertIn("limit", caught.exception.detail)
        with self.assertRaises(wc.InvalidProfile):
            self.shop.write_profile("dora", [["no id"]])
        with self.assertRaises(ValueError):
            self.shop.recommend("")
        with self.assertRaises(TypeError):
            self.shop.write_profile("dora", "one")

    def test_sends_its_token(self):
        with tempfile.TemporaryDirectory() as directory:
            file = pathlib.Path(directory) / "tokens"
            file.write_text(f"shop full {TOKEN}\ndashboard read {READ_TOKEN}\n")
            file.chmod(0o600)
            daemon = self.daemon("--token-file", str(file)).wait_until_ready()
        self.client(daemon.url, token=TOKEN).write_profile("anna", BOOKS)
        self.assertEqual(self.client(daemon.url, token=READ_TOKEN).read_profile("anna"), BOOKS)
        with self.assertRaises(wc.Forbidden):
            self.client(daemon.url, token=READ_TOKEN).recommend("anna")
        with self.assertRaises(wc.Unauthorized):
            self.client(daemon.url, token="0" * 32).recommendations("anna")

    def test_speaks_tls_with_certificates_of_both_sides(self):
        with tempfile.TemporaryDirectory() as directory:
            file, key = certificate(directory)
            own, own_key = certificate(directory, "client")
            daemon = self.daemon("--tls-certificate", file, "--tls-key", key, "--tls-client-ca", own, scheme="https")
            shop = self.client(daemon.url, ca_file=file, certificate=own, key=own_key)
            self.assertTrue(shop.alive())
            with self.assertRaises(wc.ConnectionFailed):
                self.client(daemon.url, ca_file=file).alive()
            with self.assertRaises(wc.ConnectionFailed) as caught:
                self.client(daemon.url).alive()
            self.assertIn("certificate", caught.exception.detail.lower())
            self.assertFalse(caught.exception.repeatable)

    def test_waits_as_long_as_the_daemon_asks(self):
        daemon = self.daemon("--rate-limit", "1").wait_until_ready()
        shop = self.client(daemon.url, retries=5)
        for _ in range(3):
            with self.subTest():
                try:
                    shop.recommendations("nobody")
                except wc.NotFound:
                    pass
        with self.assertRaises(wc.TooManyRequests) as caught:
            impatient = self.client(daemon.url, retries=0)
            for _ in range(100):
                try:
                    impatient.recommendations("nobody")
                except wc.NotFound:
                    pass
        self.assertGreaterEqual(caught.exception.retry_after, 1)

    def test_survives_a_restart_of_the_daemon(self):
        port = free_port()
        first = self.daemon("--port", str(port)).wait_until_ready()
        shop = self.client(first.url)
        self.assertTrue(shop.alive())
        first.stop()
        self.daemon("--port", str(port)).wait_until_ready()
        self.assertTrue(shop.alive())


class BlockingWithDaemon(DaemonCases, unittest.TestCase):
    make = wc.Winnow

    def test_threads_may_share_it(self):
        with concurrent.futures.ThreadPoolExecutor(8) as threads:
            for user in range(8):
                self.shop.write_profile(f"t{user}", BOOKS)
            lists = list(threads.map(lambda n: self.shop.recommend(f"t{n % 8}").user_id, range(200)))
        self.assertEqual(lists, [f"t{n % 8}" for n in range(200)])


class AsyncWithDaemon(DaemonCases, unittest.TestCase):
    make = Waiting

    def test_asks_for_many_lists_at_once(self):
        async def run():
            async with wc.AsyncWinnow(self.shared.url, timeout=20) as shop:
                await asyncio.gather(*(shop.write_profile(f"a{n}", BOOKS) for n in range(50)))
                return await asyncio.gather(*(shop.recommend(f"a{n}") for n in range(50)))
        self.assertEqual([one.user_id for one in asyncio.run(run())], [f"a{n}" for n in range(50)])


if __name__ == "__main__":
    report.main("client-python")
