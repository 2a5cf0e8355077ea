"""The compose files: what the containers need of each other holds, whatever a .env says that other ways to start share."""

import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support/python"))
import report  # noqa: E402
from daemon import BIN, SOURCE, plain_environment  # noqa: E402

DOCKER = SOURCE / "tools/deploy/docker"
# As a daemon on the host may have it, beside the programs of others.
SHARED = """\
REDIS_HOST=localhost
REDIS_PORT=6400
REDIS_DB=1
REDIS_PASSWORD=secret
REDIS_TLS=true
REDIS_SENTINELS=localhost:26379
KAFKA_BROKER=localhost:9092
KAFKA_TOPIC=other
MODEL_DIR=/srv/models
WINNOW_HOST=127.0.0.1
WINNOW_PORT=9001
WINNOW_ADMIN=off
WINNOW_ADMIN_TOKEN=secret
"""


def services(file):
    """The text of each service, by name."""
    text = re.search(r"^services:\n((?: .*\n|\n)+)", (DOCKER / file).read_text(), re.M)[1]
    return dict(re.findall(r"^  ([a-z-]+):\n((?:    .*\n|\n)+)", text, re.M))


def environment_of(file, service):
    """What a service has in its environment, without what it takes from that of the command."""
    lines = re.search(r"^    environment:.*\n((?:      .*\n)+)", services(file)[service], re.M)[1].splitlines()
    found = {}
    for line in lines:
        line = re.sub(r" #.*", "", line).strip()
        name, is_set, value = line[2:].partition("=") if line.startswith("- ") else line.partition(": ")
        if is_set:
            found[name] = value.strip('"')
    return found


class ComposeSettings(unittest.TestCase):
    def settings(self, file, service, shared, config="winnowd.conf"):
        """The settings that winnowd has in this container, by name."""
        environment = {"WINNOW_CONFIG": "/etc/winnow/winnowd.conf", **environment_of(file, service)}
        self.assertEqual(environment["ENV_FILE"], "/app/.env")
        self.assertEqual(environment["WINNOW_CONFIG"], f"/etc/winnow/{config}")
        environment["WINNOW_CONFIG"] = str(DOCKER / config)
        with tempfile.NamedTemporaryFile("w", suffix=".env") as settings:
            settings.write(shared)
            settings.flush()
            environment["ENV_FILE"] = settings.name
            done = subprocess.run([BIN / "winnowd", "--print-config"], capture_output=True, text=True, timeout=60,
                                  env={**plain_environment(), **environment})
        self.assertEqual(done.returncode, 0, done.stderr)
        return {name: value.strip('"') for name, value in re.findall(r'^(\S+) = ("[^"]*"|\S+)', done.stdout, re.M)}

    def check(self, found, expected):
        self.assertEqual({name: found[name] for name in expected}, expected)

    def test_the_whole_stack_keeps_to_itself(self):
        self.check(self.settings("docker-compose.yml", "model-service", SHARED), {
            "store": "redis://redis:6379/0", "kafka": "true", "kafka-brokers": "kafka:9092", "kafka-topic": "user_behavior",
            "model-dir": "/app/model_output", "host": "0.0.0.0", "port": "8001", "admin": "127.0.0.1:8002",
            "admin-token": "", "admin-token-file": "/app/state/admin.token",
            "learn-state": "/app/state/learned", "item-updates": "/app/state/items"})
        self.check(self.settings("docker-compose.yml", "model-service", "WINNOW_STORE=redis://localhost:6400/1\n"),
                   {"store": "redis://redis:6379/0"})

    def test_training_finds_the_store_and_the_daemon_of_the_stack(self):
        daemon = environment_of("docker-compose.yml", "model-service")
        training = environment_of("docker-compose.yml", "training")
        self.check(self.settings("docker-compose.yml", "training", SHARED),
                   {"store": "redis://redis:6379/0", "model-dir": "/app/model_output"})
        for name in ("WINNOW_STORE", "WINNOW_ADMIN", "WINNOW_ADMIN_TOKEN", "WINNOW_ADMIN_TOKEN_FILE", "MODEL_DIR"):
            self.assertEqual(training[name], daemon[name], name)

    def test_in_a_network_the_container_has_the_port_that_is_published(self):
        found = self.settings("model-compose.yml", "model-service", SHARED.replace("REDIS_HOST=localhost\n", ""))
        self.check(found, {"model-dir": "/app/model_output", "host": "0.0.0.0", "port": "8001", "redis-host": "redis",
                           "redis-port": "6400", "redis-db": "1"})

    def test_on_the_host_the_settings_say_where_redis_is_and_which_port_is_used(self):
        found = self.settings("model-compose-standalone.yml", "model-service", SHARED, "winnowd-host.conf")
        self.check(found, {"model-dir": "/app/model_output", "host": "127.0.0.1", "port": "9001", "redis-host": "localhost",
                           "redis-port": "6400", "redis-db": "1"})

    def test_only_the_daemon_has_the_health_check_of_the_image(self):
        checks = {}
        for file in ("docker-compose.yml", "model-compose.yml", "model-compose-standalone.yml"):
            for name, text in services(file).items():
                if "MODEL_SERVICE_IMAGE" in text:
                    check = re.search(r"^    healthcheck:(?: (\S.*)\n|\n      test: (.*)\n)", text, re.M)
                    checks[file, name] = re.sub(r" #.*", "", check[1] or check[2]) if check else "the image's"
                    self.assertEqual(check is None, "entrypoint:" not in text, f"{file}: {name}")
        stack = {name: check for (file, name), check in checks.items() if file == "docker-compose.yml"}
        self.assertEqual(stack, {"models": "{disable: true}", "training": "{disable: true}", "model-service": "the image's",
                                 "shop": '["CMD", "winnow-healthcheck", "127.0.0.1", "8080", "/"]'})
        self.assertIn('"--page", "0.0.0.0:8080"', services("docker-compose.yml")["shop"])

    def test_what_ends_by_itself_is_waited_for(self):
        """Or else `docker compose up --wait` takes it for a failure."""
        found = services("docker-compose.yml")
        waited_for = re.findall(r"([a-z-]+): \{condition: service_completed_successfully\}", found["model-service"])
        ends = [name for name, text in found.items() if not re.search(r"restart: (unless-stopped|always)", text)]
        self.assertEqual(sorted(waited_for), sorted(ends))


if __name__ == "__main__":
    report.main("containers-compose-settings")
