"""winnowctl: what it makes of answers, also of servers that are no winnowd, of its environment and of its output."""

import http.server
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support/python"))
import report  # noqa: E402
from daemon import BIN, plain_environment  # noqa: E402

STATUS = {"daemon": {"version": "0.1.0", "ready": True}, "actors": [{"name": "supervisor", "state": "running"}]}
COMMANDS = [
    ["status"], ["tree"], ["top"], ["events"], ["slow"], ["fleet"], ["rules"], ["rules", "--try", "anna"], ["trace", "anna"],
    ["scale", "din_ranker", "2"], ["kill", "din_ranker"], ["drain"], ["loglevel", "debug"], ["fault", "din_ranker", "crash"],
    ["clear-faults"], ["experiments"], ["experiments", "start", "x", "--versions", "a=1,b=1"], ["experiments", "stop"],
    ["models", "list"], ["models", "report"], ["models", "report", "a"], ["models", "load", "a"], ["models", "promote", "a"],
    ["models", "rollback"], ["models", "pin", "a"], ["models", "delete", "a"], ["models", "shadow", "a"],
    ["models", "unshadow"], ["console"], ["status", "--all"]]


class Server:
    """Gives every request the same answer, except to GET /health, and keeps the tokens that it was sent."""

    def __init__(self, body, status=200, health=None):
        tokens = self.tokens = []
        of_others = (body, status)

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self):
                tokens.append(self.headers.get("Authorization"))
                body, status = health if health and self.path == "/health" else of_others
                content = (body if isinstance(body, str) else json.dumps(body)).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            do_GET = do_POST = do_DELETE = answer

            def log_message(self, *_):
                pass
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Answers(unittest.TestCase):
    def served(self, body, status=200, health=None):
        server = Server(body, status, health)
        self.addCleanup(server.stop)
        return server

    def ctl(self, *words, environment=None, output=subprocess.PIPE, folder=None):
        return subprocess.run([BIN / "winnowctl", *words], stdout=output, stderr=subprocess.PIPE, text=True, timeout=60, cwd=folder,
                              env={**plain_environment(), **(environment or {})})

    def ask(self, server, *words, **further):
        return self.ctl("--admin", server.address, "--token", "abc", *words, **further)

    def test_the_answer_of_another_server_is_no_success_of_any_command(self):
        for body, status in (("<html>hello</html>", 200), ({"a": 1}, 200), ([1, 2], 200), ("", 200), ("", 302),
                             ("nope", 404), ({"message": "x"}, 500)):
            server = self.served(body, status)
            for command in COMMANDS:
                with self.subTest(body=body, status=status, command=command):
                    asked = self.ask(server, *command)
                    self.assertEqual((asked.returncode, asked.stdout), (69, ""), asked.stderr)
                    self.assertIn(f"{server.address} answered, but it is no winnowd's admin endpoint (expected ", asked.stderr)
                    self.assertIn(f"got HTTP status {status} with ", asked.stderr)
                    self.assertIn("default 127.0.0.1:8002", asked.stderr)

    def test_scripts_get_json_whoever_answers(self):
        for body, status in (("<html>", 200), ("", 302), ("nope", 404)):
            server = self.served(body, status)
            for command in COMMANDS:
                with self.subTest(body=body, command=command):
                    asked = self.ask(server, "--json", *command)
                    self.assertEqual(asked.returncode, 69)
                    self.assertIn(server.address, json.loads(asked.stdout)["error"])

    def test_names_what_was_expected_and_what_came(self):
        asked = self.ask(self.served("<html>\nhello</html>"), "status")
        self.assertIn('(expected JSON with "daemon" and "actors", got HTTP status 200 with "<html>?hello</html>")', asked.stderr)

    def test_members_of_another_kind_are_not_winnowds(self):
        self.assertEqual(self.ask(self.served({"events": {}}), "events").returncode, 69)
        self.assertEqual(self.ask(self.served({"daemon": 1, "actors": "x"}), "status").returncode, 69)

    def test_deep_nesting_ends_nothing_but_the_command(self):
        self.assertEqual(self.ask(self.served('{"events":' + "[" * 200000 + "]" * 200000 + "}"), "events").returncode, 69)

    def test_an_answer_that_only_looks_like_winnowds_is_named_with_its_address(self):
        server = self.served({"events": [1]})
        asked = self.ask(server, "events")
        self.assertEqual(asked.returncode, 1)
        self.assertIn(server.address + ": cannot read the answer", asked.stderr)

    def test_the_rest_port_is_no_admin_endpoint(self):
        wants_token = ({"status": "error", "message": "expected a token as Authorization: Bearer …"}, 401)
        nothing = ({"status": "error", "message": "there is nothing at /status"}, 404)
        other_method = ({"status": "error", "message": "GET is not allowed here"}, 405)
        healthy, unhealthy = ({"status": "healthy"}, 200), ({"status": "unhealthy"}, 503)
        for refusal, health in ((nothing, healthy), (other_method, unhealthy), (wants_token, healthy), (wants_token, wants_token)):
            server = self.served(*refusal, health)
            expected = f"{server.address} is winnowd's REST port, not its admin endpoint; the admin address is printed at start"
            for command in COMMANDS:
                with self.subTest(refusal=refusal, health=health, command=command):
                    asked = self.ask(server, *command)
                    self.assertEqual((asked.returncode, asked.stdout), (69, ""), asked.stderr)
                    self.assertIn(expected, asked.stderr)
            asked = self.ask(server, "--json", "status")
            self.assertEqual(asked.returncode, 69)
            self.assertIn(expected, json.loads(asked.stdout)["error"])

    def test_an_admin_endpoint_that_lacks_the_command_is_no_rest_port(self):
        message = "there is nothing at /rules"
        nothing = ({"status": "error", "message": "there is nothing at /health"}, 404)
        server = self.served({"status": "error", "message": message}, 404, nothing)
        asked = self.ask(server, "rules")
        self.assertEqual((asked.returncode, asked.stderr), (1, f"winnowctl: {message}\n"))
        self.assertEqual(json.loads(self.ask(server, "--json", "rules").stdout)["message"], message)

    def test_texts_of_answers_cannot_steer_the_terminal(self):
        evil = "a\x1b[31m\x9bb\u202ec\u2069\x07"
        stage = {"stage": evil, "us": 1, "items": [{"item": evil, "sources": [evil]}], "keep": 1, "source": evil}
        trace = {"user_id": evil, "known_user": True, "model_version": evil, "total_us": 1, "profile_key": evil, "profile_us": 1,
                 "history": [], "rules": evil, "stages": [{**stage, "stage": "candidate_generator"}, stage, {"stage": evil, "us": 1, "error": evil}],
                 "recommendations": [evil], "because": [{}], "attention": [{"item": evil, "weight": 0.5}]}
        asked = self.ask(self.served(trace), "trace", "anna")
        self.assertEqual(asked.returncode, 0, asked.stderr)
        self.assertIn("a?[31m?b?c??", asked.stdout)
        for character in "\x1b\x9b\x07\u202e\u2069":
            self.assertNotIn(character, asked.stdout)

    def test_actors_below_themselves_are_drawn_once(self):
        for actor in ({"name": "a"}, {"name": "a", "id": 0, "parent": 0}):
            self.assertEqual(self.ask(self.served({**STATUS, "actors": [actor]}), "tree").returncode, 0)

    def test_a_refusal_is_winnowds_own_words(self):
        server = self.served({"status": "error", "message": "no profile of user anna"}, 404)
        self.assertEqual(self.ask(server, "trace", "anna").stderr, "winnowctl: no profile of user anna\n")

    def test_what_every_winnowd_answers_is_a_success(self):
        for body, commands in (({"status": "success"}, (["drain"], ["kill", "x"], ["scale", "x", "2"], ["loglevel", "debug"],
                                                        ["fault", "x", "crash"], ["clear-faults"])),
                               (STATUS, (["status"], ["tree"], ["top"], ["fleet"])), ({"events": []}, (["events"],))):
            server = self.served(body)
            for command in commands:
                with self.subTest(command):
                    asked = self.ask(server, *command)
                    self.assertEqual((asked.returncode, asked.stderr), (0, ""))

    def test_a_full_disk_is_no_success(self):
        server = self.served(STATUS)
        for words in (["status"], ["--json", "status"], ["fleet"]):
            with self.subTest(words), open("/dev/full", "w") as full:
                asked = self.ask(server, *words, output=full)
                self.assertEqual(asked.returncode, 74)
                self.assertEqual(asked.stderr, "winnowctl: standard output: cannot be written: No space left on device\n")
        for words in (["--help"], ["--version"]):
            with self.subTest(words), open("/dev/full", "w") as full:
                self.assertEqual(self.ctl(*words, output=full).returncode, 74)

    def test_a_reader_that_leaves_is_no_failure(self):
        for size in (1, 20000):
            server = self.served({**STATUS, "actors": STATUS["actors"] * size})
            reading, writing = os.pipe()
            os.close(reading)
            with self.subTest(size), os.fdopen(writing, "w") as left:  # Python's children ignore no SIGPIPE
                asked = self.ask(server, "status", output=left)
                self.assertIn(asked.returncode, (0, -13))
                self.assertEqual(asked.stderr, "")

    def test_an_unknown_command_is_named_with_a_suggestion(self):
        asked = self.ctl("statsu")
        self.assertEqual((asked.returncode, asked.stdout), (64, ""))
        self.assertIn('unknown command "statsu"; expected status, tree, top, ', asked.stderr)
        self.assertIn("did you mean status?", asked.stderr)
        self.assertIn('unknown command "zzzzzzzz"', self.ctl("--admin", "127.0.0.1:1", "zzzzzzzz").stderr)
        self.assertIn("expected a command: status, ", self.ctl().stderr)
        self.assertIn("unknown option --nope", self.ctl("--nope").stderr)

    def test_blanks_around_the_environment_do_not_count(self):
        server = self.served(STATUS)
        for text in (" " + server.address, server.address + " \r", "\t" + server.address + "\n"):
            self.assertEqual(self.ctl("status", environment={"WINNOW_ADMIN": text}).returncode, 0)
        server = self.served({"status": "success"})
        self.ctl("drain", environment={"WINNOW_ADMIN": server.address, "WINNOW_ADMIN_TOKEN": " hush \r"})
        self.assertEqual(server.tokens, ["Bearer hush"])

    def test_blanks_around_the_name_of_the_token_file_do_not_count(self):
        server = self.served({"status": "success"})
        with tempfile.NamedTemporaryFile("w", suffix=".token") as file:
            file.write("5" * 64 + "\n")
            file.flush()
            asked = self.ctl("drain", environment={"WINNOW_ADMIN": server.address, "WINNOW_ADMIN_TOKEN_FILE": file.name + " \r"})
        self.assertEqual((asked.returncode, server.tokens), (0, ["Bearer " + "5" * 64]), asked.stderr)

    def test_finds_the_daemon_as_its_own_settings_say(self):
        server = self.served({"status": "success"})
        nobody = "127.0.0.1:1"
        with tempfile.TemporaryDirectory() as made:
            config = pathlib.Path(made) / "winnowd.conf"
            config.write_text(f"port = many\nadmin = {nobody}\nadmin-token = of-the-config\n")
            env_file = pathlib.Path(made) / ".env"
            env_file.write_text(f"set WINNOW_PORT=1\nWINNOW_ADMIN={server.address}\n")
            files = {"ENV_FILE": str(env_file), "WINNOW_CONFIG": str(config)}
            self.assertEqual(self.ctl("drain", environment=files).returncode, 0)
            self.assertEqual(self.ctl("drain", environment={**files, "WINNOW_ADMIN": nobody}).returncode, 69)
            self.assertEqual(self.ctl("--admin", server.address, "drain", environment={**files, "WINNOW_ADMIN": nobody}).returncode, 0)
            self.ctl("--token", "of-the-flag", "drain", environment=files)
            self.ctl("drain", environment={**files, "WINNOW_ADMIN_TOKEN": "of-the-environment"})
            self.assertEqual(server.tokens, ["Bearer " + word for word in (
                "of-the-config", "of-the-config", "of-the-flag", "of-the-environment")])

    def test_an_address_in_a_file_that_cannot_be_used_is_named(self):
        with tempfile.TemporaryDirectory() as made:
            config = pathlib.Path(made) / "winnowd.conf"
            for text in ("nonsense", "off"):
                config.write_text(f"\nadmin = {text}\n")
                asked = self.ctl("status", environment={"WINNOW_CONFIG": str(config)})
                self.assertEqual(asked.returncode, 78)
                self.assertIn(f"{config}:2", asked.stderr)

    def test_settings_that_cannot_be_read_are_a_warning(self):
        server = self.served(STATUS)
        asked = self.ctl("--admin", server.address, "status", environment={"WINNOW_CONFIG": "/none"})
        self.assertEqual(asked.returncode, 0)
        self.assertIn("winnowctl: warning: environment WINNOW_CONFIG: /none: cannot open", asked.stderr)

    def test_an_env_file_of_the_folder_that_nobody_named_leads_nowhere(self):
        server = self.served({"status": "success"})
        with tempfile.TemporaryDirectory() as made:
            (pathlib.Path(made) / ".env").write_text(f"WINNOW_ADMIN={server.address}\nWINNOW_ADMIN_TOKEN=x\n")
            self.ctl("drain", folder=made)
        self.assertEqual(server.tokens, [])


if __name__ == "__main__":
    report.main("winnowctl-answers")
