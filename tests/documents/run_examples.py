"""Runs the examples of the document that WINNOW_DOCUMENT names, in order, in one shell, and compares what they print.

Every block of the language `sh` is run; the blocks `python` and `cpp` are files for those after them, named by the
comment in their first line. A block `text` right after a command has what it prints: its lines must be printed in this
order, `…` stands for anything. The commands run in an empty folder with the repository's `tools`, `tests` and `build/release`;
ports 8001, 8002 and 6379 become free ones, the last of them that of a Redis server.
"""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support/python"))
sys.path.insert(0, str(HERE.parent / "house"))
import report  # noqa: E402
from daemon import BIN, SOURCE, Redis, free_port, plain_environment  # noqa: E402
from markdown import Document  # noqa: E402

DOCUMENT = os.environ.get("WINNOW_DOCUMENT", "tools/docs/cookbook.md")
MOST_LINES = 10
FILES = {"python": "# ", "cpp": "// "}


class Example:
    """A block of commands under its heading, with the files before it and the output after it."""

    def __init__(self, heading, block):
        self.heading = heading
        self.block = block
        self.files = {}
        self.expected = []

    def commands(self):
        """The lines that are neither blank nor comments alone."""
        return [line for line in self.block.lines if line.strip() and not line.lstrip().startswith("#")]


def examples_of(text):
    """All examples of a document in order."""
    document = Document(text)
    headings = [(number, line.lstrip("#").strip()) for number, line in document.prose if line.startswith("#")]
    found, files = [], {}
    for block in document.blocks:
        heading = max((one for one in headings if one[0] < block.line), default=(0, ""))[1]
        if block.language in FILES:
            files[block.lines[0].removeprefix(FILES[block.language]).split()[0]] = "\n".join(block.lines) + "\n"
        elif block.language == "sh":
            found.append(Example(heading, block))
            found[-1].files, files = files, {}
        elif block.language == "text" and found:
            found[-1].expected += block.lines
    return found


def matches(expected, printed):
    """The first expected line that is not printed after those before it; None if all are."""
    at = 0
    for line in expected:
        pattern = re.compile(".*".join(re.escape(part) for part in line.strip().split("…")))
        while at < len(printed) and not pattern.fullmatch(printed[at].strip()):
            at += 1
        if at == len(printed):
            return line
        at += 1
    return None


class Session:
    """One shell in which all examples run, and the folder that they see."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.redis = Redis()
        self.ports = {"8001": free_port(), "8002": free_port(), "6379": self.redis.port}
        (self.folder / "build").mkdir()
        (self.folder / "build/release").symlink_to(BIN.parent)
        (self.folder / "tools").symlink_to(SOURCE / "tools")
        shutil.copytree(SOURCE / "tests/fixtures", self.folder / "tests/fixtures")  # winnowd writes beside its models

    def run(self, examples):
        """Returns what each example printed; None for those that did not end."""
        script = ["set -euo pipefail"]
        for number, example in enumerate(examples):
            for name, content in example.files.items():
                (self.folder / name).write_text(self._private(content), encoding="utf-8")
            lines = [self._private(line) for line in example.block.lines]
            script += [f"echo '@begin {number}'", *lines, f"printf '\\n@end {number}\\n'"]
        (self.folder / "script").write_text("\n".join(script) + "\n", encoding="utf-8")
        with open(self.folder / "printed", "wb") as printed:
            shell = subprocess.Popen(["bash", "script"], cwd=self.folder, stdin=subprocess.DEVNULL, stdout=printed,
                                     stderr=subprocess.STDOUT, start_new_session=True,
                                     env={**plain_environment(), "HOME": str(self.folder)})
            try:
                shell.wait(300)
            except subprocess.TimeoutExpired:
                pass
            finally:
                self._end(shell)
        text = (self.folder / "printed").read_text(encoding="utf-8", errors="replace")
        outputs = []
        for number in range(len(examples)):
            part = re.search(rf"^@begin {number}\n(.*?)(^@end {number}$|\Z)", text, re.M | re.S)
            outputs.append((part[1].splitlines(), bool(part[2])) if part else (None, False))
        for example in examples:
            example.expected = [self._private(line) for line in example.expected]
        return outputs

    def _private(self, line):
        return re.sub(r"\b(8001|8002|6379)\b", lambda port: str(self.ports[port[1]]), line)

    def _end(self, shell):
        """Ends the shell and the daemons that it started."""
        try:
            os.killpg(shell.pid, signal.SIGTERM)
        except ProcessLookupError:
            pass
        shell.wait(30)
        self.redis.stop()


class Examples(unittest.TestCase):
    pass


def check(number, example):
    def test(self):
        printed, ended = Examples.outputs[number]
        if printed is None:
            self.skipTest("an example before this one failed")
        shown = "\n".join(printed)
        self.assertTrue(ended, f"{DOCUMENT}:{example.block.line}: the example failed:\n{shown}")
        missing = matches(example.expected, printed)
        self.assertIsNone(missing, f"{DOCUMENT}:{example.block.line}: expected «{missing}» to be printed; got:\n{shown}")
    return test


class Form(unittest.TestCase):
    def test_every_example_is_short(self):
        for example in examples_of((SOURCE / DOCUMENT).read_text(encoding="utf-8")):
            self.assertLessEqual(len(example.commands()), MOST_LINES, example.heading)

    def test_compares_lines_in_order_with_gaps(self):
        self.assertIsNone(matches(["a", "c…e"], ["a", "b", "cde"]))
        self.assertEqual(matches(["b", "a"], ["a", "b"]), "a")
        self.assertEqual(matches(["b"], ["abc"]), "b")


def load_tests(loader, standard, pattern):
    examples = examples_of((SOURCE / DOCUMENT).read_text(encoding="utf-8"))
    for number, example in enumerate(examples):
        name = re.sub(r"\W+", "_", example.heading.lower()).strip("_")
        setattr(Examples, f"test_{number + 1:02}_{name}", check(number, example))

    def run_all(cls):
        with tempfile.TemporaryDirectory(prefix="winnow-examples-", ignore_cleanup_errors=True) as folder:
            cls.outputs = Session(folder).run(examples)
    Examples.setUpClass = classmethod(run_all)
    return unittest.TestSuite([loader.loadTestsFromTestCase(Form), loader.loadTestsFromTestCase(Examples)])


if __name__ == "__main__":
    report.main(pathlib.Path(DOCUMENT).stem)
