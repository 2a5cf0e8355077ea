// Starts a separate winnowd for the test, with the bookshop fixture.
import {execFile, spawn} from "node:child_process";
import {once} from "node:events";
import {appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {promisify} from "node:util";

const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

/** Retries `attempt` until it returns a truthy value, and returns that value. Throws after `limit` ms. */
export async function eventually(attempt, what, limit = 30_000) {
  const deadline = Date.now() + limit;
  for (let failure = ""; ; await sleep(50)) {
    try {
      const value = await attempt();
      if (value) return value;
    } catch (thrown) { failure = ": " + thrown.message; }
    if (Date.now() > deadline) throw new Error("timed out waiting for " + what + failure);
  }
}

export class Daemon {
  /**
   * @param admin The admin address; port 0 picks a free port. @param flags Additional command line flags.
   * @param versions Names of published versions of the models; then the first one is in force.
   */
  static async start({admin = "127.0.0.1:0", token = "", store = "memory:", flags = [], versions = []} = {}) {
    const started = new Daemon();
    started.directory = mkdtempSync(join(tmpdir(), "winnow-console-"));
    const fixtures = join(process.env.WINNOW_SOURCE_DIR, "tests/fixtures/bookshop");
    const models = versions.length ? join(started.directory, "models") : fixtures;
    for (const name of versions) publish(fixtures, models, name);
    started.process = spawn(join(process.env.WINNOW_BIN_DIR, "winnowd"),
      ["--host", "127.0.0.1", "--port", "0", "--model-dir", models, "--store", store, "--stage-workers", "2",
       "--deadline", "20s", "--learn-state", "learned", "--admin", admin, ...flags],
      {cwd: started.directory, env: {...sanitizers(), WINNOW_ADMIN_TOKEN: token}, stdio: ["ignore", "pipe", "pipe"]});
    started.output = started.errors = "";
    started.process.stdout.on("data", text => { started.output += text; });
    started.process.stderr.on("data", text => { started.errors += text; });
    started.ended = once(started.process, "exit");
    process.on("exit", () => started.process.kill("SIGKILL")); // also if the test aborts
    const address = what => new RegExp(`^winnowd ${what} (http://\\S+)$`, "m").exec(started.output)?.[1];
    try {
      await eventually(() => address("listening on") && address("admin on"), "winnowd to listen");
      started.url = address("listening on");
      started.admin = address("admin on");
      if (!token) started.consolePath = (await started.ctl("console")).trim().slice(started.admin.length);
      await eventually(async () => (await fetch(started.url + "/readyz")).ok, "winnowd to be ready");
    } catch (failure) {
      await started.stop();
      throw new Error(failure.message + "\n" + started.errors);
    }
    return started;
  }

  async stop(signal = "SIGTERM") {
    this.process.kill(signal);
    await this.ended;
    rmSync(this.directory, {recursive: true, force: true});
  }

  /** Runs winnowctl and returns its standard output. Throws if it fails. */
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

/** Copies models into a directory as a version. Each has another reader, so that their digests differ. */
function publish(from, models, name) {
  const directory = join(models, "versions", name);
  cpSync(from, directory, {recursive: true});
  const users = join(directory, "lightgcn", "user_embeddings.csv");
  const row = readFileSync(users, "utf8").split("\n")[1];
  appendFileSync(users, "reader of " + name + row.slice(row.indexOf(",")) + "\n");
  writeFileSync(join(directory, "manifest.json"), '{"files": {}}');
  if (!existsSync(join(models, "current"))) writeFileSync(join(models, "current"), "versions/" + name + "\n");
}

function sanitizers() {
  const names = ["ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS"];
  return Object.fromEntries(names.filter(name => process.env[name]).map(name => [name, process.env[name]]));
}
