"""winnow-healthcheck, which the image calls: asks the daemon at its public port, whatever guards that."""

import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support/python"))
import report  # noqa: E402
from daemon import BIN, SOURCE, Daemon, certificate, free_port, plain_environment  # noqa: E402


class HealthCheck(unittest.TestCase):
    def setUp(self):
        made = tempfile.TemporaryDirectory(prefix="winnow-healthcheck-")
        self.addCleanup(made.cleanup)
        self.made = pathlib.Path(made.name)

    def check(self, *words, **settings):
        """The exit status. As in the image, it finds the settings in the environment; process 1 is another program here."""
        environment = {**plain_environment(), "PATH": f"{BIN}:{os.environ['PATH']}", **settings}
        return subprocess.run([SOURCE / "tools/deploy/docker/healthcheck", *words], capture_output=True, env=environment,
                              timeout=60).returncode

    def daemon(self, *flags, **how):
        started = Daemon(*flags, **how)
        self.addCleanup(started.stop)
        return started

    def tls(self):
        file, key = certificate(self.made)
        return ("--tls-certificate", file, "--tls-key", key), {"WINNOW_TLS_CERTIFICATE": file, "WINNOW_TLS_KEY": key}

    def test_a_daemon_that_answers_is_healthy_and_one_that_hangs_or_is_away_is_not(self):
        shop = self.daemon()
        self.assertEqual(self.check(WINNOW_PORT=str(shop.port)), 0)
        shop.process.send_signal(signal.SIGSTOP)
        self.assertNotEqual(self.check(WINNOW_PORT=str(shop.port)), 0)
        shop.process.send_signal(signal.SIGCONT)
        self.assertEqual(self.check(WINNOW_PORT=str(shop.port)), 0)
        self.assertNotEqual(self.check(WINNOW_PORT=str(free_port())), 0)

    def test_over_tls_it_needs_neither_the_admin_endpoint_nor_its_token(self):
        flags, settings = self.tls()
        shop = self.daemon(*flags, scheme="https")
        env_file = self.made / ".env"
        env_file.write_text("WINNOW_ADMIN_TOKEN=secret\n")
        settings.update(WINNOW_PORT=str(shop.port), ENV_FILE=str(env_file))
        for admin in ("off", "127.0.0.1:8002", "https://127.0.0.1:8002"):
            self.assertEqual(self.check(WINNOW_ADMIN=admin, **settings), 0, admin)
        shop.process.send_signal(signal.SIGSTOP)
        self.assertNotEqual(self.check(**settings), 0)
        shop.process.send_signal(signal.SIGCONT)

    def test_a_file_may_have_any_name(self):
        file, key = certificate(self.made, "a # b")
        shop = self.daemon("--tls-certificate", file, "--tls-key", key, scheme="https")
        self.assertEqual(self.check(WINNOW_PORT=str(shop.port), WINNOW_TLS_CERTIFICATE=file, WINNOW_TLS_KEY=key), 0)

    def test_a_client_that_is_refused_got_an_answer(self):
        flags, settings = self.tls()
        authority = settings["WINNOW_TLS_CERTIFICATE"]
        shop = self.daemon(*flags, "--tls-client-ca", authority, scheme="https")
        settings.update(WINNOW_PORT=str(shop.port), WINNOW_TLS_CLIENT_CA=authority)
        self.assertEqual(self.check(**settings), 0)
        shop.process.send_signal(signal.SIGSTOP)
        self.assertNotEqual(self.check(**settings), 0)
        shop.process.send_signal(signal.SIGCONT)

        tokens = self.made / "tokens"
        tokens.write_text(f"shop read {'t' * 32}\n")
        guarded = self.daemon("--token-file", str(tokens), "--open-probes", "false")
        self.assertEqual(self.check(WINNOW_PORT=str(guarded.port), WINNOW_TOKEN_FILE=str(tokens)), 0)

    def test_it_asks_another_program_at_the_address_that_it_is_given(self):
        shop = self.daemon()
        self.assertEqual(self.check("127.0.0.1", str(shop.port), "/health"), 0)
        self.assertNotEqual(self.check("127.0.0.1", str(free_port()), "/"), 0)


if __name__ == "__main__":
    report.main("containers-healthcheck")
