// The operators' console in a real browser, on a real winnowd. Usage: see run.
import assert from "node:assert/strict";
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {assertNoSidewaysScrolling, closeWithoutFaults, lowContrasts, openConsole, startBrowser} from "./browser.mjs";
import {Daemon, eventually} from "./daemon.mjs";
import {runAll, test} from "./report.mjs";

const hostile = `"><img src=x onerror=alert(1)>'&amp;<script>alert(2)</script>`;
const user = "A8SZ6INK77SAY"; // has a LightGCN embedding
const fixtures = join(process.env.WINNOW_SOURCE_DIR, "tests/fixtures/bookshop");
const books = readFileSync(join(fixtures, "items.csv"), "utf8").split("\n").slice(1, 13).map(line => line.split(",")[0]);

const browser = await startBrowser();
let daemon = await Daemon.start();
let page = null; // most cases share it, as an operator would

const row = name => page.locator(`[role="row"]:has(.label:text-is("${name}"))`);
const cell = (name, column) => row(name).locator("." + column);
const screenshot = name => page.screenshot({path: join(process.env.WINNOW_SCREENSHOTS, name + ".png"), fullPage: true});

async function recommendations(count) {
  for (let i = 0; i < count; ++i) assert.ok((await daemon.recommend(user)).ok);
}

test("the page is one response with a strict content security policy", async () => {
  const answer = await fetch(daemon.admin + "/console");
  assert.equal(answer.status, 200);
  const policy = answer.headers.get("Content-Security-Policy");
  for (const part of ["default-src 'none'", "connect-src 'self'", "frame-ancestors 'none'"]) assert.ok(policy.includes(part), policy);
  assert.ok(!policy.includes("unsafe"));
  const nonce = /script-src 'nonce-([0-9a-f]+)'/.exec(policy)[1];
  const text = await answer.text();
  assert.ok(text.includes(`<script nonce="${nonce}">`));
  assert.ok(!text.includes("{{") && !/@[A-Z_]+@/.test(text), "the page still contains a placeholder");
  assert.ok(!/(src|href)="(?!data:|#)/.test(text), "the page refers to another resource");
  assert.notEqual(nonce, /nonce-([0-9a-f]+)/.exec((await fetch(daemon.admin + "/console")).headers.get("Content-Security-Policy"))[1]);
  assert.equal((await fetch(daemon.admin + "/", {redirect: "manual"})).headers.get("Location"), "/console");
});

test("the public port does not serve the console", async () => {
  for (const path of ["/console", "/stream", "/events"]) assert.equal((await fetch(daemon.url + path)).status, 404);
});

test("every actor is in the tree", async () => {
  await daemon.profile(user, books);
  page = await openConsole(browser.context, daemon.admin, {path: daemon.consolePath});
  await page.getByText("● ready").waitFor();
  const {actors} = await daemon.status();
  assert.ok(actors.length > 12);
  for (const actor of actors) {
    await row(actor.name).waitFor();
    assert.equal(await cell(actor.name, "state").innerText(), "●running");
  }
  assert.equal(await page.locator('[role="rowgroup"] [role="row"]:not(.head)').count(), actors.length);
  assert.equal(await row("din_ranker.1").getAttribute("aria-level"), "4");
  const facts = await page.locator("#facts").innerText();
  assert.ok(facts.includes((await daemon.status()).daemon.model_version));
  assert.match(facts, /Candidates\s+exact/i);
  assert.match(facts, /Trained\s+.* ago/i);
  await eventually(async () => /Drift\s+\d+% of items, \d+% of users unknown/i.test(await page.locator("#facts").innerText()), "the drift");
});

test("figures update live", async () => {
  assert.ok(!(parseFloat(await cell("ranknet_ranker", "rate").innerText()) > 5)); // at most the profile's own list
  await recommendations(200);
  await eventually(async () => parseFloat(await cell("ranknet_ranker", "rate").innerText()) > 10, "a rate in the tree");
  await eventually(async () => / (µs|ms)$/.test(await cell("ranknet_ranker", "p99").innerText()), "a latency in the tree");
});

test("the charts have lines, and their values can be read by keyboard", async () => {
  await eventually(async () => {
    await recommendations(20);
    return page.evaluate(() => [...document.querySelectorAll(".plot .line")]
      .every(line => line.getAttribute("d").split("L").length > 3));
  }, "a line in every chart");
  const plot = page.locator(".plot-area").first();
  await plot.focus();
  await page.keyboard.press("End");
  assert.match(await page.locator("#chart-readout").innerText(), /^\d\d:\d\d:\d\d: LightGCN [\d.k]+, DIN [\d.k]+, RankNet [\d.k]+, Whole request [\d.k]+$/);
  assert.match(await page.locator("figure").first().getAttribute("data-at"), /^\d\d:\d\d:\d\d$/);
  await page.keyboard.press("Escape");
  await page.locator("figure summary").first().click();
  await page.locator("figure table tbody tr").first().waitFor();
  await page.locator("figure summary").first().click();
});

test("an actor is killed by keyboard, and the log and the restart count show it", async () => {
  await page.evaluate(() => document.activeElement.blur());
  await page.evaluate(() => scrollTo(0, 0));
  const focused = () => page.evaluate(() => document.activeElement.getAttribute("role") === "row" ?
    document.activeElement.querySelector(".label").textContent : document.activeElement.id || document.activeElement.textContent);
  await page.locator(".skip").focus();
  for (let i = 0; i < 8 && await focused() !== "supervisor"; ++i) await page.keyboard.press("Tab");
  assert.equal(await focused(), "supervisor");
  await page.keyboard.press("ArrowLeft");
  assert.equal(await page.locator('[role="row"]:visible:not(.head)').count(), 1);
  await page.keyboard.press("ArrowRight");
  for (let i = 0; i < 30 && await focused() !== "din_ranker"; ++i) await page.keyboard.press("ArrowDown");
  assert.equal(await focused(), "din_ranker");
  await page.keyboard.press("Enter");
  assert.equal(await focused(), "actor-title");
  for (let i = 0; i < 6 && await focused() !== "Kill …"; ++i) await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.equal(await focused(), "confirm-no"); // the harmless choice has the focus
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.locator("#event-list li.error", {hasText: "actor died"}).filter({hasText: "din_ranker"}).waitFor();
  await eventually(async () => await cell("din_ranker", "restarts").innerText() === "1", "a restart in the tree");
  await eventually(async () => await cell("din_ranker", "state").innerText() === "●running", "din_ranker running again");
  assert.equal((await daemon.actor("din_ranker")).restarts, 1);
  await page.locator("#event-news", {hasText: /error|warning/}).waitFor({state: "attached"});
  await page.locator("#actor-title").focus();
  await page.keyboard.press("Escape");
  assert.equal(await focused(), "din_ranker");
});

test("a cancelled confirmation does nothing", async () => {
  await row("recommender").click();
  await page.getByRole("button", {name: "Kill …"}).click();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({state: "hidden"});
  await page.getByRole("button", {name: "Close"}).click();
  assert.equal((await daemon.actor("recommender")).restarts, 0);
});

test("a stage is scaled", async () => {
  await row("ranknet_ranker").click();
  await page.getByLabel("Workers").fill("3");
  await page.getByRole("button", {name: "Scale …"}).click();
  await page.getByRole("dialog").getByRole("button", {name: "Scale"}).click();
  await row("ranknet_ranker.3").waitFor();
  await page.getByRole("button", {name: "Close"}).click();
});

test("the log level is changed, and events can be filtered", async () => {
  await page.getByLabel("Log level", {exact: true}).selectOption("debug");
  await page.getByRole("dialog").getByRole("button", {name: "Change"}).click();
  await eventually(async () => (await daemon.status()).daemon.log_level === "debug", "log level debug");
  await page.getByLabel("Minimum level").selectOption("error");
  assert.ok(await page.locator("#event-list li:visible").count() >= 1);
  assert.equal(await page.locator("#event-list li:visible:not(.error)").count(), 0);
  await page.getByLabel("Minimum level").selectOption("info");
  await page.getByRole("searchbox").fill("NO SUCH EVENT");
  assert.equal(await page.locator("#event-list li:visible").count(), 0);
  await page.getByRole("searchbox").fill("");
});

test("one user is traced", async () => {
  await page.getByLabel("User id").fill(user);
  await page.getByRole("button", {name: "Trace", exact: true}).click();
  const items = page.locator("#trace-result table tbody tr");
  await items.first().waitFor();
  const list = (await (await daemon.recommend(user)).json()).recommendations;
  assert.deepEqual(await items.locator("th").allInnerTexts(), list);
  assert.match(await items.first().innerText(), /^1\s+\S+\s+\d+ -?\d+\.\d{3}\s+\d+ \d+%\s+1 -?\d+\.\d{3}\s+\S+ \(\d+%\)$/);
  assert.equal(await page.locator(".attention li").count(), books.length);
  await page.getByLabel("Show dropped items").check();
  assert.ok(await items.count() > list.length);
  assert.match(await items.last().innerText(), /dropped by (DIN|LightGCN)/);
  await page.getByLabel("Show dropped items").uncheck();
  await page.getByLabel("User id").fill("nobody");
  await page.keyboard.press("Enter");
  await page.getByText("No trace: no profile of user nobody").waitFor();
  assert.deepEqual(page.faults.splice(0).filter(fault => !fault.includes("404")), []); // the browser logs the 404
});

test("ids of users and items are never parsed as markup", async () => {
  await daemon.profile(hostile, [hostile, ...books]);
  await page.getByLabel("User id").fill(hostile);
  await page.keyboard.press("Enter");
  await page.locator("#trace-result dd", {hasText: hostile}).first().waitFor();
  await page.locator(".attention .item", {hasText: hostile}).waitFor();
  assert.equal(await page.locator("#trace-result img, #event-list img, #trace-result script").count(), 0);
});

test("it is readable in light and dark mode, on a desktop, a tablet and a phone", async () => {
  await page.getByLabel("User id").fill(user);
  await page.keyboard.press("Enter");
  await page.locator("#trace-result table tbody tr").first().waitFor();
  await row("din_ranker").click();
  await page.evaluate(() => { document.activeElement.blur(); scrollTo(0, 0); });
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({colorScheme, reducedMotion: "reduce"});
    for (const [name, width, height] of [["desktop", 1440, 1000], ["tablet", 820, 1100], ["phone", 375, 812]]) {
      await page.setViewportSize({width, height});
      await assertNoSidewaysScrolling(page);
      assert.deepEqual(await lowContrasts(page), []);
      await screenshot(`${name}-${colorScheme}`);
    }
  }
  await page.setViewportSize({width: 1440, height: 1000});
  await page.emulateMedia({colorScheme: "light"});
  await page.getByRole("button", {name: "Close"}).click();
});

test("every control has a name for screen readers", async () => {
  const cdp = await browser.context.newCDPSession(page);
  const {nodes} = await cdp.send("Accessibility.getFullAXTree");
  const of = roles => nodes.filter(node => !node.ignored && roles.includes(node.role?.value));
  const nameless = of(["button", "textbox", "searchbox", "combobox", "spinbutton", "checkbox", "treegrid", "table", "list",
                       "dialog", "region", "heading"]).filter(node => !node.name?.value && node.role.value !== "list");
  assert.deepEqual(nameless.map(node => node.role.value + " " + JSON.stringify(node.properties)), []);
  assert.equal(of(["treegrid"]).length, 1);
  assert.deepEqual(of(["heading"]).map(node => node.name.value.replace(/ .*/, "")).slice(0, 6), ["winnowd", "Actors", "Models", "Last", "Events", "Trace"]);
});

test("the page of the API's description asks for the token that its requests need", async () => {
  const folder = mkdtempSync(join(tmpdir(), "winnow-tokens-"));
  const secret = "0123456789abcdef0123456789abcdef";
  writeFileSync(join(folder, "tokens"), `shop full ${secret}\n`, {mode: 0o600});
  const guarded = await Daemon.start({flags: ["--token-file", join(folder, "tokens")]});
  try {
    const docs = await openConsole(browser.context, guarded.url, {path: "/docs", mayFail: text => text.includes("401")});
    const enter = async text => { await docs.getByLabel("Token", {exact: true}).fill(text); await docs.getByText("Use token").click(); };
    await docs.getByText("This service needs a token.").waitFor();
    await enter("wrong");
    await docs.getByText("The service does not know this token.").waitFor();
    await enter(secret);
    await docs.locator("#get_metrics_json > summary").click();
    await docs.getByText("Send GET").locator("visible=true").click();
    await docs.getByText(/^200 OK/).waitFor();
    assert.deepEqual(await lowContrasts(docs), []);
    await closeWithoutFaults(docs);
  } finally {
    await guarded.stop();
    rmSync(folder, {recursive: true, force: true});
  }
});

test("a page of another origin can neither read nor change anything", async () => {
  const other = await browser.context.newPage();
  await other.goto(daemon.url + "/docs"); // another port is another origin
  const tries = await other.evaluate(async admin => {
    const attempt = (path, init) => fetch(admin + path, init).then(answer => answer.type, () => "failed");
    return [await attempt("/status"), await attempt("/drain", {method: "POST"}), await attempt("/drain", {method: "POST", mode: "no-cors"}),
            await attempt("/stream", {mode: "no-cors"})];
  }, daemon.admin);
  assert.ok(tries.every(one => ["failed", "opaque"].includes(one)), tries.join());
  assert.deepEqual((await daemon.status()).daemon.reasons, []);
  assert.equal((await daemon.status()).daemon.ready, true);
  await other.close();
});

test("it reconnects when the daemon restarts", async () => {
  const admin = new URL(daemon.admin).host;
  const before = await page.locator("#event-list li").count();
  await daemon.stop();
  await page.locator("#connection", {hasText: "connection lost, retrying"}).waitFor();
  await page.getByText("✕ unreachable").waitFor();
  await screenshot("lost");
  daemon = await Daemon.start({admin});
  await page.getByText("● ready").waitFor();
  await page.locator("#connection", {hasText: /^live$/}).waitFor();
  assert.ok(await page.locator("#event-list li").count() > before, "the list has the events of both runs");
  assert.equal(await cell("din_ranker", "restarts").innerText(), "–");
  const faults = page.faults.splice(0).filter(fault => !fault.includes("ERR_CONNECTION_REFUSED") && !fault.includes("ERR_INCOMPLETE"));
  assert.deepEqual(faults, []);
});

test("without the token the page can only read", async () => {
  const reader = await openConsole(browser.context, daemon.admin, {mayFail: text => text.includes("401")});
  await reader.getByText("● ready").waitFor();
  await reader.getByRole("button", {name: "Drain"}).click();
  await reader.locator("#confirm-yes").click();
  await reader.getByText("run winnowctl console").waitFor();
  assert.equal((await daemon.status()).daemon.ready, true);
  await reader.close();
});

test("the token leaves the address when the page has it", async () => {
  const steering = await openConsole(browser.context, daemon.admin, {path: daemon.consolePath});
  assert.match(daemon.consolePath, /^\/console#token=[0-9a-f]{64}$/);
  await steering.getByText("● ready").waitFor();
  assert.equal(steering.url(), daemon.admin + "/console");
  await closeWithoutFaults(steering);
});

test("draining is shown until the daemon stops", async () => {
  await page.goto(daemon.admin + daemon.consolePath); // the restarted daemon has another token
  await page.getByRole("button", {name: "Drain …"}).click();
  await page.getByRole("dialog").getByRole("button", {name: "Drain"}).click();
  await daemon.ended;
  await page.locator("#event-list li", {hasText: "an operator asks to drain and stop"}).waitFor();
  await page.getByText("✕ unreachable").waitFor();
  page.faults.length = 0; // the browser logs each failed reconnection
  await closeWithoutFaults(page);
});

test("the token is asked for, and kept only in this tab", async () => {
  const guarded = await Daemon.start({token: "hush"});
  try {
    page = await openConsole(browser.context, guarded.admin, {mayFail: text => text.includes("401")});
    await page.getByLabel("Admin token").fill("guess");
    await page.keyboard.press("Enter");
    await page.getByText("wrong token").waitFor();
    await page.getByLabel("Admin token").fill("hush");
    await page.keyboard.press("Enter");
    await page.getByText("● ready").waitFor();
    await page.reload();
    await page.getByText("● ready").waitFor();
    assert.deepEqual(await browser.context.cookies(), []);
    assert.equal(await page.evaluate(() => localStorage.length), 0);
    await closeWithoutFaults(page);
  } finally {
    await guarded.stop();
  }
});

test("a stage that is down is shown, and so is its recovery", async () => {
  const breakable = await Daemon.start({flags: ["--enable-faults"]});
  try {
    await breakable.profile(user, books);
    page = await openConsole(browser.context, breakable.admin, {path: breakable.consolePath});
    await page.getByText("● ready").waitFor();
    await breakable.ctl("fault", "ranknet_ranker", "crash", "--batches", "0");
    await eventually(async () => {
      await breakable.recommend(user);
      return (await breakable.actor("ranknet_ranker")).state === "down";
    }, "a stage to go down");
    const left = await (await breakable.recommend(user)).json();
    assert.deepEqual(left.degraded, ["ranknet: unavailable"]);
    await page.getByText("▲ degraded").waitFor();
    await page.locator("#reasons", {hasText: /^ranknet_ranker is down$/}).waitFor();
    assert.match(await page.title(), /^degraded · /);
    await eventually(async () => await cell("ranknet_ranker", "state").innerText() === "✕down", "ranknet_ranker down in the tree");
    assert.match(await cell("ranknet_ranker", "doing").innerText(), /\w/); // why it is down
    assert.match(await page.locator("#actors-summary").innerText(), /not running/);
    await page.locator("#event-list li.error", {hasText: "stage down"}).filter({hasText: "ranknet_ranker"}).first().waitFor();
    assert.deepEqual(await lowContrasts(page), []);
    await screenshot("degraded");
    await breakable.ctl("clear-faults");
    await page.getByText("● ready").waitFor();
    await eventually(async () => await cell("ranknet_ranker", "state").innerText() === "●running", "ranknet_ranker running again");
    assert.equal(await page.locator("#reasons").isVisible(), false);
    assert.equal((await (await breakable.recommend(user)).json()).degraded, undefined);
    await closeWithoutFaults(page);
  } finally {
    await breakable.stop();
  }
});

test("versions, the gate's report, the shadow and an experiment are shown", async () => {
  const shop = await Daemon.start({versions: ["one", "two", "three"]});
  try {
    await shop.ctl("experiments", "start", "layout", "--versions", "one=75,two=25");
    await shop.ctl("models", "shadow", "three", "--share", "1");
    const readers = Array.from({length: 12}, (_, i) => "reader " + i);
    for (const reader of readers) { // each takes the first book of the list
      await shop.profile(reader, books);
      const {recommendations} = await (await shop.recommend(reader)).json();
      await shop.profile(reader, [...books, recommendations[0]]);
      await shop.recommend(reader);
    }
    page = await openConsole(browser.context, shop.admin, {path: shop.consolePath});
    await page.locator("#models").waitFor();
    const version = name => page.locator(`#models-versions tr:has(th:text-is("${name}"))`);
    assert.match(await version("one").innerText(), /75%\s+in force, loaded/);
    assert.match(await version("two").innerText(), /25%\s+loaded, gate: passed/);
    assert.match(await version("three").innerText(), /loaded, shadow/);
    assert.match(await page.locator("#models-summary").innerText(), /^one in force/);
    assert.match(await page.locator("#models-shadow").innerText(), /^Shadow three ranks 100% of the lists: \d+ compared/);
    assert.match(await page.locator("#experiment-title").innerText(), /^Experiment layout, since /);
    assert.equal(await page.locator("#experiment-chart tr").count(), 2);
    assert.match(await page.locator("#experiment-chart tr").first().innerText(), /one\s+75%\s+1\.0000 \(.*\)\s+\d+ users?, \d+ taken/);
    assert.match(await page.locator("#experiment-differences").innerText(), /two less one: hit rate .* confidence/);
    const today = new Date().toISOString().slice(0, 10);
    assert.equal(await page.locator("#taken-chart tr").count(), 2); // of both versions
    assert.match(await page.locator("#taken-chart tr").first().innerText(),
                 new RegExp(today.slice(0, 7) + "-\\d\\d\\s+[0-9a-f]{16}\\s+stored lists\\s+1\\.0000 \\(.*\\)\\s+\\d+ users?, \\d+ taken"));
    assert.match(await page.locator("#gate-title").innerText(), /^Gate: two passed beside one, /);
    assert.deepEqual(await lowContrasts(page), []);
    await assertNoSidewaysScrolling(page);
    await screenshot("models");
    await shop.ctl("experiments", "stop");
    await page.locator("#experiment-title", {hasText: "stopped"}).waitFor();
    await closeWithoutFaults(page);
  } finally {
    await shop.stop();
  }
});

test("without candidate generation the page shows not ready, and why", async () => {
  const breakable = await Daemon.start({flags: ["--enable-faults"]});
  try {
    await breakable.profile(user, books);
    page = await openConsole(browser.context, breakable.admin, {path: breakable.consolePath});
    await page.getByText("● ready").waitFor();
    await breakable.ctl("fault", "candidate_generator", "crash", "--batches", "0");
    await eventually(async () => {
      await breakable.recommend(user);
      return (await breakable.actor("candidate_generator")).state === "down";
    }, "a stage to go down");
    assert.equal((await fetch(breakable.url + "/readyz")).status, 503);
    await page.getByText("✕ not ready").waitFor();
    await page.locator("#reasons", {hasText: "candidate_generator is down"}).waitFor();
    await breakable.ctl("clear-faults");
    await page.getByText("● ready").waitFor();
    await closeWithoutFaults(page);
  } finally {
    await breakable.stop();
  }
});

const failed = await runAll(process.argv[2]);
await browser.close();
if (daemon.process.exitCode === null) await daemon.stop("SIGKILL");
process.exit(failed ? 1 : 0);
