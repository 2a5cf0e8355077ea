// A winnowd of the test's own, on the bookshop among the fixtures.
import {execFile, spawn} from "node:child_process";
import {once} from "node:events";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {promisify} from "node:util";

const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

/** Tries until `attempt` gives something true; what it gave. */
export async function eventually(attempt, what, limit = 30_000) {
  const deadline = Date.now() + limit;
  for (let failure = ""; ; await sleep(50)) {
    try {
      const given = await attempt();
      if (given) return given;
    } catch (thrown) { failure = ": " + thrown.message; }
    if (Date.now() > deadline) throw new Error("in vain waited for " + what + failure);
  }
}

export class Daemon {
  /** @param admin Where its admin endpoint is; port 0 takes any. @param flags Further ones. */
  static async start({admin = "127.0.0.1:0", token = "", store = "memory:", flags = []} = {}) {
    const made = new Daemon();
    made.directory = mkdtempSync(join(tmpdir(), "winnow-console-"));
    const fixtures = join(process.env.WINNOW_SOURCE_DIR, "tests/fixtures/bookshop");
    made.process = spawn(join(process.env.WINNOW_BIN_DIR, "winnowd"),
      ["--host", "127.0.0.1", "--port", "0", "--model-dir", fixtures, "--store", store, "--stage-workers", "2",
       "--deadline", "20s", "--admin", admin, ...flags],
      {cwd: made.directory, env: {...sanitizers(), WINNOW_ADMIN_TOKEN: token}, stdio: ["ignore", "pipe", "pipe"]});
    made.output = made.errors = "";
    made.process.stdout.on("data", text => { made.output += text; });
    made.process.stderr.on("data", text => { made.errors += text; });
    made.ended = once(made.process, "exit");
    process.on("exit", () => made.process.kill("SIGKILL")); // also where the test breaks off
    const address = what => new RegExp(`^winnowd ${what} (http://\\S+)$`, "m").exec(made.output)?.[1];
    try {
      await eventually(() => address("listening on") && address("admin on"), "a winnowd that listens");
      made.url = address("listening on");
      made.admin = address("admin on");
      await eventually(async () => (await fetch(made.url + "/readyz")).ok, "a winnowd that is ready");
    } catch (failure) {
      await made.stop();
      throw new Error(failure.message + "\n" + made.errors);
    }
    return made;
  }

  async stop(signal = "SIGTERM") {
    this.process.kill(signal);
    await this.ended;
    rmSync(this.directory, {recursive: true, force: true});
  }

  /** What winnowctl says, which must succeed. */
  async ctl(...words) {
    const program = join(process.env.WINNOW_BIN_DIR, "winnowctl");
    return (await promisify(execFile)(program, ["--admin", new URL(this.admin).host, ...words], {env: sanitizers()})).stdout;
  }

  async status() {
    return (await fetch(this.admin + "/status")).json();
  }

  async actor(name) {
    return (await this.status()).actors.find(actor => actor.name === name);
  }

  async profile(user, items) {
    const answer = await fetch(this.url + "/profiles/" + encodeURIComponent(user),
                               {method: "PUT", headers: {"Content-Type": "application/json"}, body: JSON.stringify(items)});
    if (!answer.ok) throw new Error("profile: " + answer.status);
  }

  recommend(user) {
    return fetch(this.url + "/recommend/" + encodeURIComponent(user), {method: "POST"});
  }
}

function sanitizers() {
  const names = ["ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS"];
  return Object.fromEntries(names.filter(name => process.env[name]).map(name => [name, process.env[name]]));
}
