"""winnowctl import: every form that Gorse exports, into files for winnow-train and into stores."""

import csv
import gzip
import json
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
import urllib.request

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support/python"))
import report  # noqa: E402
from daemon import BIN, BOOKSHOP, Daemon, Redis, free_port, plain_environment  # noqa: E402

# (type, user, item, time); the order of the file is not that of time
FEEDBACK = [
    ("star", "anna", "winnow", "2021-10-24T06:42:20.207Z"),
    ("like", "anna", "gorse", "2021-10-24T06:40:00Z"),
    ("like", "anna", "winnow", "2021-10-25T00:00:00+02:00"),
    ("read", "anna", "kettle", "2021-10-26T00:00:00Z"),
    ("star", "ben, the \"old\"", "gorse", "2021-11-01T00:00:00Z"),
    ("star", "ben, the \"old\"", "secret", "2021-11-02T00:00:00Z"),
    ("star", "carl", "gorse", "0001-01-01T00:00:00Z"),
]
SECONDS = [1635057740, 1635057600, 1635112800, 1635206400, 1635724800, 1635811200, None]
ITEMS = [
    {"ItemId": "gorse", "IsHidden": False, "Categories": ["plants", "books"], "Timestamp": "2020-01-01T00:00:00Z",
     "Labels": {"colour": "yellow", "height": 2.5, "uses": ["fuel", "fodder"], "embedding": [0.1, 0.2]}, "Comment": "a"},
    {"ItemId": "winnow", "IsHidden": False, "Categories": None, "Labels": ["wind", "grain"], "Comment": ""},
    {"ItemId": "secret", "IsHidden": True, "Categories": [], "Labels": None, "Comment": "Told,\nnot sold"},
]
USERS = [{"UserId": user, "Labels": None, "Comment": ""} for user in ("anna", "ben", "carl")]
INTERACTIONS = [["user_id", "item_id", "timestamp"], ["anna", "gorse", "1635057600"], ["anna", "winnow", "1635057740"],
                ["ben, the \"old\"", "gorse", "1635724800"], ["ben, the \"old\"", "secret", "1635811200"],
                ["carl", "gorse", ""]]


def feedback_record(one):
    kind, user, item, time = one
    return {"FeedbackType": kind, "UserId": user, "ItemId": item, "Value": 0, "Timestamp": time, "Comment": ""}


def lines(records):
    return "".join(json.dumps(one) + "\n" for one in records)


def varint(number):
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def message(*fields):
    """A message of Protocol Buffers: pairs of a field's number and its value."""
    out = b""
    for number, value in fields:
        if isinstance(value, int):
            out += varint(number << 3) + varint(value % 2**64)
        else:
            raw = value if isinstance(value, bytes) else value.encode()
            out += varint(number << 3 | 2) + varint(len(raw)) + raw
    return out


def dump():
    """The bytes of `gorse-cli dump`."""
    def record(raw):
        return struct.pack("<q", len(raw)) + raw
    out = struct.pack("<q", -1)
    for one in USERS:
        out += record(message((1, one["UserId"]), (2, "null"), (3, "")))
    out += struct.pack("<q", -2)
    for one in ITEMS:
        categories = [(4, name) for name in one["Categories"] or []]
        hidden = [(3, 1)] if one["IsHidden"] else []
        out += record(message((2, one["ItemId"]), *hidden, *categories, (5, message((1, 1577836800))),
                              (6, json.dumps(one["Labels"])), (7, one["Comment"])))
    out += struct.pack("<q", -3)
    for (kind, user, item, _), seconds in zip(FEEDBACK, SECONDS):
        time = message((1, -62135596800 if seconds is None else seconds), (2, 207000000))
        out += record(message((2, kind), (3, user), (4, item), (5, time), (9, 1)))
    return out + struct.pack("<q", 0) + b'{"Users":3}'


class Import(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="winnow-import-")
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name)

    def write(self, name, content):
        path = self.directory / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    def run_import(self, *arguments, code=0):
        done = subprocess.run([BIN / "winnowctl", "import", "--out", self.directory / "out", *arguments],
                              capture_output=True, text=True, env=plain_environment(), timeout=120)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def table(self, name):
        with open(self.directory / "out" / name, newline="", encoding="utf-8") as file:
            return list(csv.reader(file))

    def export(self):
        return [self.write("feedback.jsonl", lines(map(feedback_record, FEEDBACK))),
                self.write("items.jsonl", lines(ITEMS)), self.write("users.jsonl", lines(USERS))]

    def check_items(self):
        self.assertEqual(self.table("items.csv"), [
            ["item_id", "categories", "hidden", "comment", "labels", "labels.colour", "labels.height", "labels.uses"],
            ["gorse", "plants|books", "", "a", "", "yellow", "2.5", "fuel|fodder"],
            ["secret", "", "true", "Told,\nnot sold", "", "", "", ""],
            ["winnow", "", "", "", "wind|grain", "", "", ""]])

    def test_reads_json_lines_of_the_dashboard(self):
        said = self.run_import(*self.export())
        self.assertEqual(self.table("interactions.csv"), INTERACTIONS)
        self.check_items()
        self.assertEqual(said.splitlines(), [
            "feedback that counts: like 2, star 4", "feedback of other types: read 1",
            "1 hidden item is on no list while the column hidden says so",
            f"{self.directory}/out/interactions.csv: 5 interactions of 3 users",
            "1 interaction has no time: winnow-train leaves out what has none beside what has one",
            f"{self.directory}/out/items.csv: 3 items with categories, hidden, comment, labels, labels.colour, "
            "labels.height, labels.uses",
            f"next: winnow-train --interactions {self.directory}/out/interactions.csv "
            f"--items {self.directory}/out/items.csv --out models"])

    def test_reads_answers_of_the_rest_api(self):
        feedback = list(map(feedback_record, FEEDBACK))
        files = [self.write("1.json", json.dumps({"Cursor": "x", "Feedback": feedback[:3]})),
                 self.write("2.json", json.dumps({"Cursor": "", "Feedback": feedback[3:]}, indent=2)),
                 self.write("items.json", json.dumps({"Cursor": "", "Items": ITEMS}, indent=1)),
                 self.write("users.json", json.dumps(USERS))]
        self.run_import(*files)
        self.assertEqual(self.table("interactions.csv"), INTERACTIONS)
        self.check_items()

    def test_reads_the_dump_of_gorse_cli(self):
        for content in (dump(), gzip.compress(dump())):
            self.run_import(self.write("backup.bin", content))
            self.assertEqual(self.table("interactions.csv"), INTERACTIONS)
            self.check_items()

    def test_reads_csv(self):
        rows = "feedback_type,user_id,item_id,time_stamp\r\n"
        for kind, user, item, time in FEEDBACK:
            time = time.replace("T", " ").replace("Z", " +0000 UTC").replace("+02:00", " +0200 CEST")
            quoted = '"' + user.replace('"', '""') + '"'
            rows += f"{kind},{quoted},{item},{time}\r\n"
        items = "item_id,is_hidden,categories,time_stamp,labels,description\r\n" \
            "gorse,false,plants|books,2020-01-01 00:00:00 +0000 UTC,fuel|fodder,\"a, b\"\r\nsecret,true,,,,\r\n"
        self.run_import(self.write("feedback.csv", rows), self.write("items.csv", items),
                        self.write("users.csv", "user_id,labels\r\nanna,\r\n"))
        self.assertEqual(self.table("interactions.csv"), INTERACTIONS)
        self.assertEqual(self.table("items.csv"), [["item_id", "categories", "hidden", "comment", "labels"],
                                                   ["gorse", "plants|books", "", "a, b", "fuel|fodder"],
                                                   ["secret", "", "true", "", ""]])

    def test_the_last_record_of_an_item_says_whether_it_is_hidden(self):
        again = lines([{**ITEMS[2], "IsHidden": False, "Comment": ""}, {**ITEMS[1], "IsHidden": True}])
        report = json.loads(self.run_import("--json", *self.export(), self.write("again.jsonl", again)))
        self.assertEqual((report["items"], report["hidden_items"]), (3, 1))
        self.assertEqual([row[2] for row in self.table("items.csv")], ["hidden", "", "", "true"])

    def test_columns_that_no_item_has_a_value_of_are_left_out(self):
        plain = [{**ITEMS[1], "Labels": None}]
        self.run_import(self.export()[0], self.write("plain.jsonl", lines(plain)))
        self.assertEqual(self.table("items.csv"), [["item_id", "categories"], ["winnow", ""]])

    def test_a_hidden_item_is_on_no_list_of_the_daemon(self):
        with open(BOOKSHOP / "items.csv", newline="", encoding="utf-8") as file:
            books = [row["item_id"] for row in csv.DictReader(file)]
        items = [{"ItemId": book, "IsHidden": book == books[0], "Comment": f"book {book}"} for book in books]
        feedback = [feedback_record(("star", "anna", book, "")) for book in books[:3]]
        self.run_import(self.write("items.jsonl", lines(items)), self.write("feedback.jsonl", lines(feedback)))
        models = shutil.copytree(BOOKSHOP, self.directory / "models")
        shutil.copy(self.directory / "out/items.csv", models)
        daemon = Daemon("--model-dir", str(models))
        self.addCleanup(daemon.stop)
        daemon.wait_until_ready()

        def asked(path):
            with urllib.request.urlopen(daemon.url + path, timeout=20) as answer:
                return json.load(answer)
        hidden, shown = asked(f"/items/{books[0]}"), asked(f"/items/{books[1]}")
        self.assertEqual(hidden["withheld"], "hidden")
        self.assertNotIn("withheld", shown)
        self.assertEqual(shown["attributes"]["comment"], f"book {books[1]}")
        self.assertNotIn(books[0], json.dumps(asked("/popular?limit=1000")["popular"]))

    def test_counts_the_types_that_are_asked_for(self):
        file = self.write("feedback.jsonl", lines(map(feedback_record, FEEDBACK)))
        self.run_import("--types", "read,like", file)
        self.assertEqual([row[1] for row in self.table("interactions.csv")[1:]], ["gorse", "winnow", "kettle"])
        said = self.run_import("--types", "buy", file, code=1)
        self.assertIn("no feedback that counts; the files have: like, read, star", said)

    def test_leaves_out_records_that_cannot_be_read_and_names_them(self):
        good = lines([feedback_record(FEEDBACK[0])])
        bad = good + "{\n" + lines([{"FeedbackType": "star", "UserId": "x"}, {"other": 1}, 3,
                                    {**feedback_record(FEEDBACK[0]), "Timestamp": "soon"}]) + "\n"
        said = self.run_import(self.write("f.jsonl", bad))
        for what in ("5 records were left out:", "f.jsonl:2: expected JSON", "f.jsonl:3: expected a text in ItemId",
                     "f.jsonl:4: expected FeedbackType, ItemId or UserId", "f.jsonl:5: expected a JSON object, got number",
                     'f.jsonl:6: expected a time, got "soon"'):
            self.assertIn(what, said)

    def test_names_the_line_that_is_not_utf8(self):
        good = lines([feedback_record(FEEDBACK[0])]).encode()
        latin = lines([{**feedback_record(FEEDBACK[1]), "UserId": "Ren?"}]).encode().replace(b"?", b"\xe9")
        said = self.run_import(self.write("f.jsonl", good + latin + good))
        self.assertIn('f.jsonl:2: expected text in UTF-8, got the byte "\\xe9"', said)
        said = self.run_import(self.write("whole.json", b'{"Feedback": [\n' + latin + b"]}\n"), code=1)
        self.assertIn('whole.json:2: expected text in UTF-8, got the byte "\\xe9"', said)

    def test_numbers_are_unix_times(self):
        whole = {**feedback_record(FEEDBACK[0]), "Timestamp": 1577836800}
        parts = {**feedback_record(FEEDBACK[1]), "Timestamp": 1577836801.75}
        self.run_import(self.write("f.jsonl", lines([whole, parts])))
        expected = [["anna", "winnow", "1577836800"], ["anna", "gorse", "1577836801"]]
        self.assertEqual(self.table("interactions.csv")[1:], expected)
        self.run_import(self.write("f.csv", "feedback_type,user_id,item_id,time_stamp\nstar,anna,winnow,1577836800\n"
                                            "star,anna,gorse,1577836801.75\n"))
        self.assertEqual(self.table("interactions.csv")[1:], expected)

    def test_a_time_that_is_missing_stays_empty_in_every_form(self):
        expected = [["anna", "gorse", ""], ["anna", "winnow", "1635057740"]]
        for missing in ("", " ", None, "0001-01-01T00:00:00Z"):
            with self.subTest(missing):
                records = [feedback_record(FEEDBACK[0]), {**feedback_record(FEEDBACK[1]), "Timestamp": missing}]
                said = self.run_import(self.write("f.jsonl", lines(records)))
                self.assertEqual(self.table("interactions.csv")[1:], expected)
                self.assertIn("1 interaction has no time", said)
        for missing in ("", " ", "0001-01-01 00:00:00 +0000 UTC"):
            with self.subTest(missing):
                self.run_import(self.write("f.csv", "feedback_type,user_id,item_id,time_stamp\n"
                                                    f"star,anna,winnow,1635057740\nlike,anna,gorse,{missing}\n"))
                self.assertEqual(self.table("interactions.csv")[1:], expected)

    def test_a_time_of_another_kind_is_named(self):
        good = feedback_record(FEEDBACK[0])
        said = self.run_import(self.write("f.jsonl", lines([good, {**good, "Timestamp": True}, {**good, "Timestamp": [1]}])))
        self.assertIn("f.jsonl:2: expected a time, got \"true\"", said)
        self.assertIn("f.jsonl:3: expected a time, got \"[1]\"", said)

    def test_says_why_no_record_can_be_used(self):
        rows = "feedback_type,user_id,item_id,time_stamp\nstar,a,b,01/02/2020\nstar,a,c,02/02/2020\nstar,a\n"
        said = self.run_import(self.write("f.csv", rows), code=1)
        self.assertIn("no feedback that counts; the files have: none; ", said)
        self.assertIn('2 records were left out, for example ', said)
        self.assertIn('f.csv:2: expected a time, got "01/02/2020"', said)
        self.assertIn('1 record was left out, for example ', said)
        self.assertIn('f.csv:4: expected 4 fields, got 2', said)
        error = json.loads(self.run_import("--json", self.write("f.csv", rows), code=1).splitlines()[0])["error"]
        self.assertIn("01/02/2020", error)

    def test_writes_no_times_if_gorse_knows_none(self):
        self.run_import(self.write("f.jsonl", lines([feedback_record(FEEDBACK[6])])))
        self.assertEqual(self.table("interactions.csv"), [["user_id", "item_id"], ["carl", "gorse"]])

    def test_refuses_what_gorse_does_not_export(self):
        whole = dump()
        for content, what in ((b"PAR1\x00\x00", "Parquet"), (b"a,b\n1,2\n", "expected an export of Gorse"),
                              (b"{\n{", "expected JSON lines"), (whole[:-40], "it ends"), (b"", "no feedback"),
                              (whole[:8] + struct.pack("<q", 2**40) + whole[8:], "a record of 1099511627776 bytes"),
                              (struct.pack("<q", -1) + struct.pack("<q", -9), "got the mark -9")):
            with self.subTest(what):
                self.assertIn(what, self.run_import(self.write("file", content), code=1))
        self.assertIn("nowhere", self.run_import(str(self.directory / "nowhere"), code=1))
        self.assertIn("expected a file", self.run_import(str(self.directory), code=1))

    def test_writes_profiles_into_redis(self):
        redis = Redis()
        self.addCleanup(redis.stop)
        files = self.export() + [self.write("more.jsonl", lines([feedback_record(("star", "u:1700000000", "gorse", ""))]))]
        said = self.run_import("--store", f"redis://127.0.0.1:{redis.port}/2", *files)
        self.assertIn("redis store: 3 profiles", said)
        self.assertIn("not stored: 1 user whose id ends as a time would", said)

        def cli(*words):
            return subprocess.run(["redis-cli", "-p", str(redis.port), "-n", "2", *words], capture_output=True, text=True,
                                  check=True).stdout.strip()
        self.assertEqual(json.loads(cli("GET", "user_profile:anna")), ["gorse", "winnow"])
        self.assertEqual(json.loads(cli("GET", 'user_profile:ben, the "old"')), ["gorse", "secret"])
        self.assertEqual(cli("DBSIZE"), "3")

    def test_writes_profiles_into_the_files_of_an_embedded_store(self):
        store = f"file:{self.directory}/store"
        report = json.loads(self.run_import("--json", "--store", store, *self.export()))
        self.assertEqual(report["profiles"], 3)
        self.assertEqual(report["feedback"], {"like": 2, "read": 1, "star": 4})
        daemon = Daemon("--store", store)
        self.addCleanup(daemon.stop)
        daemon.wait_until_ready()
        import winnow_client
        self.assertEqual(winnow_client.Winnow(daemon.url).read_profile("anna"), ["gorse", "winnow"])
        self.assertIn("another", self.run_import("--store", store, *self.export(), code=69))

    def test_says_why_a_store_cannot_be_used(self):
        file = self.export()[0]
        self.assertIn("127.0.0.1", self.run_import("--store", f"redis://127.0.0.1:{free_port()}", file, code=69))
        self.assertIn("ends with this command", self.run_import("--store", "memory:", file, code=64))
        self.assertIn("--store", self.run_import("--store", "http://x", file, code=64))


if __name__ == "__main__":
    report.main("winnowctl-import")
