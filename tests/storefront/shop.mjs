// Starts a winnowd with models of a small invented shop, and a winnow-bookshop with its page.
import {execFileSync, spawn} from "node:child_process";
import {once} from "node:events";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {eventually} from "../console/daemon.mjs";

const program = name => join(process.env.WINNOW_BIN_DIR, name);
const size = ["--books", "300", "--readers", "200"];

/** A program whose output is kept. */
class Program {
  constructor(words, directory) {
    this.process = spawn(program(words[0]), words.slice(1), {cwd: directory, env: {}, stdio: ["ignore", "pipe", "pipe"]}); // without the settings of the tests
    this.output = "";
    for (const stream of [this.process.stdout, this.process.stderr]) stream.on("data", text => { this.output += text; });
    this.ended = once(this.process, "exit");
    process.on("exit", () => this.process.kill("SIGKILL")); // also if the test aborts
  }

  address(what) {
    return eventually(() => {
      if (this.process.exitCode !== null) throw new Error("it ended: " + this.output);
      return new RegExp(`${what} (http://\\S+)`).exec(this.output)?.[1];
    }, what);
  }

  async stop(signal = "SIGTERM") {
    this.process.kill(signal);
    await this.ended;
  }
}

export class Shop {
  static async start() {
    const shop = new Shop();
    shop.directory = mkdtempSync(join(tmpdir(), "winnow-storefront-"));
    const files = name => join(shop.directory, name);
    execFileSync(program("winnow-bookshop"), ["--out", shop.directory, ...size]);
    execFileSync(program("winnow-train"), ["--interactions", files("interactions.csv"), "--items", files("items.csv"),
                                           "--out", files("models"), "--epochs", "30", "--din-epochs", "2", "--ranknet-epochs", "20"],
                 {env: {...process.env, OPENBLAS_NUM_THREADS: "1"}, stdio: "pipe"});
    await shop.startDaemon("0");
    await shop.startPage("0");
    return shop;
  }

  async startDaemon(port) {
    this.daemon = new Program(["winnowd", "--model-dir", join(this.directory, "models"), "--host", "127.0.0.1", "--port", port,
                               "--admin", "off", "--store", "file:" + join(this.directory, "store"), "--deadline", "20s",
                               "--learn-interval", "0"], // so that a list depends on the profile alone
                              this.directory);
    this.service = await this.daemon.address("winnowd listening on");
    await eventually(async () => (await fetch(this.service + "/readyz")).ok, "winnowd to be ready");
  }

  async startPage(port) {
    this.page = new Program(["winnow-bookshop", "--live", this.service, "--page", port, "--rate", "20", ...size], this.directory);
    this.url = await this.page.address("page on");
  }

  /** The profile and the list as winnowd has them now. */
  async profile(reader) { return (await fetch(`${this.service}/profiles/${reader}`)).json(); }
  async list(reader) { return (await (await fetch(`${this.service}/recommendations/${reader}`)).json()).recommendations; }

  async stop() {
    await this.page.stop("SIGINT");
    await this.daemon.stop();
    rmSync(this.directory, {recursive: true, force: true});
  }
}
