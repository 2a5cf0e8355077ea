"""Runs unittest's cases and writes a JUnit report for tools/count-tests."""

import sys
import time
import unittest
from xml.sax.saxutils import quoteattr


class _Result(unittest.TextTestResult):
    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.lines = []

    def startTest(self, test):
        super().startTest(test)
        self._began = time.monotonic()
        self._state = ""

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._state = f"<failure message={quoteattr(str(err[1]))}/>"

    addError = addFailure

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err:
            self._state = f"<failure message={quoteattr(str(err[1]))}/>"

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._state = f"<skipped message={quoteattr(reason)}/>"

    def stopTest(self, test):
        name = test.id().split(".", 1)[1]
        spent = time.monotonic() - self._began
        self.lines.append(f"<testcase name={quoteattr(name)} time=\"{spent:.3f}\">{self._state}</testcase>")
        super().stopTest(test)


def main(suite_name):
    """Runs the cases of the module that calls. `sys.argv[1]`, if given, is the report's file."""
    report = sys.argv.pop(1) if len(sys.argv) > 1 and sys.argv[1].endswith(".xml") else None
    runner = unittest.TextTestRunner(resultclass=_Result, verbosity=2)
    outcome = unittest.main(module="__main__", testRunner=runner, exit=False).result
    if report:
        with open(report, "w", encoding="utf-8") as file:
            file.write(f"<testsuite name={quoteattr(suite_name)}>{''.join(outcome.lines)}</testsuite>\n")
    sys.exit(0 if outcome.wasSuccessful() else 1)
