"""What tests of both clients share: `Cases` has the helpers, `Waiting` makes the asyncio client wait."""

import asyncio

from daemon import Daemon
from scripted_server import ScriptedServer

import winnow_client as wc


class Waiting:
    """An AsyncWinnow whose methods wait, so that both clients pass the same tests."""

    def __init__(self, url, **options):
        self.runner = asyncio.Runner()
        self.client = wc.AsyncWinnow(url, **options)

    def __getattr__(self, name):
        method = getattr(self.client, name)

        def call(*arguments, **options):
            async def run():
                return await method(*arguments, **options)
            return self.runner.run(run())
        return call

    def close(self):
        self.runner.run(self.client.close())
        self.runner.close()


class Cases:
    """What both clients must do."""

    make = None

    def client(self, url, **options):
        made = self.make(url, **{"timeout": 20, **options})
        self.addCleanup(made.close)
        return made

    def scripted(self, *answers, **options):
        server = ScriptedServer(*answers, **options)
        self.addCleanup(server.close)
        return server

    def daemon(self, *flags, **options):
        made = Daemon(*flags, **options)
        self.addCleanup(made.stop)
        return made
