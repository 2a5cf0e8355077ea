"""winnow-first-models, which the whole stack runs at its start: trains into an empty directory, and into no other."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support/python"))
import report  # noqa: E402
from daemon import BIN, BOOKSHOP, SOURCE, plain_environment  # noqa: E402

NOBODY = 65534


class FirstModels(unittest.TestCase):
    def setUp(self):
        made = tempfile.TemporaryDirectory(prefix="winnow-first-models-")
        self.addCleanup(made.cleanup)
        self.made = pathlib.Path(made.name)
        self.made.chmod(0o755)
        self.models = self.made / "models"
        self.models.mkdir()
        self.script = shutil.copy(SOURCE / "tools/deploy/docker/first-models", self.made)
        # The real program, but for a shop that is trained in a second.
        small = self.made / "bin/winnow-bookshop"
        small.parent.mkdir()
        small.write_text(f'#!/bin/sh\nexec "{BIN}/winnow-bookshop" --books 300 --readers 200 "$@"\n')
        small.chmod(0o755)

    def run_program(self, *command, code=0, **how):
        path = f"{self.made}/bin:{BIN}:{os.environ['PATH']}"
        done = subprocess.run(command, capture_output=True, text=True, env={**plain_environment(), "PATH": path},
                              timeout=300, **how)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def first_models(self, **how):
        return self.run_program(self.script, self.models, "--time-budget", "1s", **how)

    def tree(self):
        return {str(path.relative_to(self.models)): path.stat().st_mtime_ns for path in self.models.rglob("*")}

    def check_untouched(self, said):
        before = self.tree()
        self.assertIn(said, self.first_models())
        self.assertEqual(self.tree(), before)

    def test_leaves_published_models_alone(self):
        shop = self.made / "shop"
        self.run_program("winnow-bookshop", "--out", shop)
        self.run_program("winnow-train", "--interactions", shop / "interactions.csv", "--out", self.models, "--publish",
                         "--epochs", "1")
        self.assertEqual(sorted(os.listdir(self.models)), ["current", "versions"])
        self.check_untouched("has models")

    def test_leaves_models_in_files_alone(self):
        shutil.copytree(BOOKSHOP, self.models, dirs_exist_ok=True)
        self.check_untouched("has models")

    def test_leaves_other_files_alone(self):
        (self.models / "lightgcn_data.csv").write_text("user_id,item_id\n")
        self.check_untouched("has files, but no models: expected lightgcn/item_embeddings.csv or current, "
                             "got lightgcn_data.csv.")

    def test_trains_once_into_an_empty_directory(self):
        (self.models / ".training").mkdir()  # of a training that was stopped
        self.first_models()
        self.assertTrue((self.models / "lightgcn/item_embeddings.csv").exists())
        self.check_untouched("has models")

    def test_trains_nothing_where_it_cannot_write(self):
        self.models.chmod(0o555)
        other = {"user": NOBODY, "group": NOBODY} if os.geteuid() == 0 else {}  # root can write everywhere
        said = self.first_models(code=73, **other)
        self.assertIn(f"is empty, and user {other.get('user', os.geteuid())} cannot write to it", said)
        self.assertIn("MODEL_SERVICE_USER=UID:GID", said)

    def test_a_directory_that_cannot_be_read_is_not_empty(self):
        self.models.chmod(0o000)
        other = {"user": NOBODY, "group": NOBODY} if os.geteuid() == 0 else {}
        self.assertIn("Permission denied", self.first_models(code=2, **other))
        self.models.chmod(0o755)


if __name__ == "__main__":
    report.main("containers-first-models")
