// The storefront of winnow-bookshop in a real browser, on a real winnowd. Usage: see ../console/run.
import assert from "node:assert/strict";
import {join} from "node:path";
import {assertNoSidewaysScrolling, closeWithoutFaults, lowContrasts, openConsole, startBrowser} from "../console/browser.mjs";
import {eventually} from "../console/daemon.mjs";
import {runAll, test} from "../console/report.mjs";
import {Shop} from "./shop.mjs";

const browser = await startBrowser();
const shop = await Shop.start();
let page = null; // most cases share it, as a visitor would

const open = options => openConsole(browser.context, shop.url, {path: "/", ...options});
const ids = selector => page.locator(selector + " > li").evaluateAll(rows => rows.map(row => row.dataset.id));
const settled = () => page.locator('#list[aria-busy="false"] #items > li').first().waitFor();
const screenshot = (shown, name) => shown.screenshot({path: join(process.env.WINNOW_SCREENSHOTS, name + ".png"), fullPage: true});
const reader = () => page.evaluate("now.reader.id");

test("the page is one response with a strict content security policy", async () => {
  const answer = await fetch(shop.url);
  assert.equal(answer.status, 200);
  const policy = answer.headers.get("Content-Security-Policy");
  for (const part of ["default-src 'none'", "connect-src 'self'", "frame-ancestors 'none'"]) assert.ok(policy.includes(part), policy);
  assert.ok(!policy.includes("unsafe"));
  const nonce = /script-src 'nonce-([0-9a-f]+)'/.exec(policy)[1];
  const text = await answer.text();
  assert.ok(text.includes(`<script nonce="${nonce}">`));
  assert.ok(!text.includes("{{") && !/@[A-Z_]+@/.test(text), "the page still contains a placeholder");
  assert.ok(!/(src|href)="(?!data:|#)/.test(text), "the page refers to another resource");
  assert.notEqual(nonce, /nonce-([0-9a-f]+)/.exec((await fetch(shop.url)).headers.get("Content-Security-Policy"))[1]);
});

test("a reader's shelf and list are shown, with reasons", async () => {
  page = await open();
  await settled();
  assert.deepEqual((await ids("#books")).reverse(), (await shop.profile(await reader())).slice(-8));
  assert.deepEqual(await ids("#items"), await shop.list(await reader()));
  assert.equal(await page.locator("#items > li").count(), 20);
  assert.equal(await page.locator("#items .why b").count(), 20);
  assert.match(await page.locator("#items .why").first().innerText(), /because you took .+ \(attention \d+ %\)/);
});

test("a purchase is on the shelf, and the list follows that shelf", async () => {
  const before = await ids("#items");
  const bought = page.locator("#items > li").nth(2);
  const title = await bought.locator(".title").innerText();
  await bought.getByRole("button", {name: "Buy " + title, exact: true}).click();
  await page.locator("#books > li").first().filter({hasText: title}).waitFor();
  await page.locator("#list-state").filter({hasText: `You bought ${title}: `}).waitFor();
  await settled();
  const after = await ids("#items");
  assert.ok(!after.includes(before[2]));
  assert.equal((await shop.profile(await reader())).at(-1), before[2]);
  assert.deepEqual(after, await shop.list(await reader()));
  const fresh = after.filter(id => !before.includes(id)).length;
  assert.ok((await page.locator("#list-state").innerText()).includes(`${fresh} of 20 books are new`));
  assert.equal(await page.locator('#items .badge:text-is("new")').count(), fresh);
});

test("many quick purchases end with the list of the last shelf", async () => {
  const length = (await shop.profile(await reader())).length;
  await page.evaluate(() => { for (const button of [...document.querySelectorAll("#items .buy")].slice(0, 6)) button.click(); });
  await eventually(async () => (await shop.profile(await reader())).length === length + 6, "six purchases");
  await eventually(async () => await page.evaluate("now.books.length") === length + 6 && await page.evaluate("now.listVersion === now.version"),
                   "the list of the last shelf");
  const [shelf, list] = [await shop.profile(await reader()), await ids("#items")];
  assert.deepEqual(list, await shop.list(await reader()));
  assert.ok(!list.some(id => shelf.includes(id)));
  const newest = await page.locator("#books .title").first().innerText();
  assert.ok((await page.locator("#list-state").innerText()).startsWith(`You bought ${newest}: `));
});

test("what is shown never mixes a shelf with the list of an older one", async () => {
  await page.evaluate(() => {
    globalThis.mixed = 0;
    new MutationObserver(() => {
      const owned = new Set(now.books.map(book => book.id));
      const stale = now.items.some(item => owned.has(item.id));
      if (stale && byId("list").getAttribute("aria-busy") !== "true") ++mixed;
    }).observe(document.querySelector("main"), {subtree: true, childList: true, attributes: true});
  });
  for (let i = 0; i < 5; ++i) {
    const version = await page.evaluate("now.version");
    await page.locator("#items .buy").nth(i).click();
    await eventually(() => page.evaluate(`now.version > ${version} && now.listVersion === now.version`), "the list");
  }
  assert.equal(await page.evaluate("mixed"), 0);
});

test("a book can be bought with the keyboard, and the focus stays in the list", async () => {
  const first = await page.locator("#items .title").first().innerText();
  await page.locator("#items .buy").first().focus();
  await page.keyboard.press("Enter");
  await page.locator("#books > li").first().filter({hasText: first}).waitFor();
  await settled();
  await eventually(() => page.evaluate('document.activeElement.matches("#items .buy") && document.activeElement.closest("li") === byId("items").firstElementChild'),
                   "the focus on the next book");
});

test("a new reader begins with popular books and gets reasons after the first one", async () => {
  await page.getByRole("button", {name: "A new reader, without books"}).click();
  await page.getByRole("heading", {name: "Recommended for you"}).waitFor();
  await settled();
  assert.match(await page.locator("#list-state").innerText(), /most popular/);
  assert.deepEqual([...new Set(await page.locator("#items .why").allInnerTexts())], ["popular with all readers"]);
  assert.equal(await page.locator("#books > li").count(), 0);
  await page.getByLabel("Genre").selectOption("Cooking");
  await page.locator("#found > li .soft").first().filter({hasText: "Cooking"}).waitFor();
  const title = await page.locator("#found .title").first().innerText();
  await page.locator("#found .buy").first().click();
  await page.locator("#books > li").filter({hasText: title}).waitFor();
  await page.locator("#list-state").filter({hasText: "You bought"}).waitFor();
  assert.equal(await page.locator("#items .why b").first().innerText(), title);
  assert.equal(await page.locator("#found > li").filter({hasText: title}).count(), 0);
});

test("books are found by their words, and by another book", async () => {
  await page.getByLabel("Genre").selectOption("");
  const wanted = await page.locator("#items .title").nth(4).innerText();
  await page.getByLabel("Title or author").fill(wanted.toUpperCase());
  await eventually(async () => (await page.locator("#found .title").allInnerTexts()).join() === wanted, "the book that was searched for");
  await page.getByRole("button", {name: "Books similar to " + wanted, exact: true}).first().click();
  await page.locator("#browse-state").filter({hasText: "Similar to " + wanted}).waitFor();
  assert.equal(await page.locator("#found > li").count(), 10);
  await page.getByLabel("Title or author").fill("no such book");
  await page.getByText("The shop has no such book.").waitFor();
});

test("the purchases of other readers are counted", async () => {
  await page.locator("#score").filter({hasText: /^\d+ purchases by other readers: [\d.]+ % from the list; from best sellers/}).waitFor();
});

test("two pages of one reader show the same", async () => {
  const id = await reader();
  const other = await open();
  await other.evaluate(`pick({id: ${JSON.stringify(id)}, name: "You", loves: []})`);
  await other.locator('#list[aria-busy="false"] #items > li').first().waitFor();
  const version = await page.evaluate("now.version");
  await page.locator("#items .buy").first().click();
  for (const one of [page, other])
    await eventually(() => one.evaluate(`now.version > ${version} && now.listVersion === now.version`), "the list of the new shelf");
  assert.deepEqual(await other.locator("#items > li").evaluateAll(rows => rows.map(row => row.dataset.id)), await ids("#items"));
  await closeWithoutFaults(other);
});

test("the page says that winnowd is away, and goes on when it is back", async () => {
  await page.getByRole("button", {pressed: false}).first().click();
  await settled();
  page.faults.length = 0;
  const port = new URL(shop.service).port;
  await shop.daemon.stop("SIGKILL");
  await page.locator("#items .buy").first().click();
  await page.locator("#trouble").filter({hasText: "no winnowd answers"}).waitFor();
  const version = await page.evaluate("now.version");
  await shop.startDaemon(port);
  await page.locator("#items .buy").first().click();
  await eventually(() => page.evaluate(`now.version > ${version} && now.listVersion === now.version`), "the list");
  assert.equal(await page.locator("#trouble").isHidden(), true);
  // The browser itself reports the refused purchase.
  page.faults = page.faults.filter(fault => !/status of 503/.test(fault));
});

test("every control has a name and text has enough contrast, also in the dark", async () => {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({colorScheme, reducedMotion: "reduce"});
    assert.deepEqual(await lowContrasts(page), [], colorScheme);
    await screenshot(page, colorScheme === "light" ? "desktop" : "desktop-dark");
  }
  await page.emulateMedia({colorScheme: "light", reducedMotion: "reduce"});
  const unnamed = await page.evaluate(() => [...document.querySelectorAll("button, input, select")]
    .filter(one => !(one.textContent.trim() || one.getAttribute("aria-label") || one.labels?.length)).map(one => one.outerHTML));
  assert.deepEqual(unnamed, []);
  assert.equal(await page.locator("h1").count(), 1);
});

test("the page fits a phone", async () => {
  await page.setViewportSize({width: 360, height: 740});
  await assertNoSidewaysScrolling(page);
  await screenshot(page, "phone");
  await page.emulateMedia({colorScheme: "dark"});
  await screenshot(page, "phone-dark");
  const small = await page.locator("#items .buy").first().boundingBox();
  assert.ok(small.height >= 32 && small.width >= 44, JSON.stringify(small));
});

test("nothing was requested from elsewhere, and nothing failed", async () => {
  await closeWithoutFaults(page);
});

let failed = 1;
try {
  failed = await runAll(process.argv[2]);
} finally {
  await browser.close();
  await shop.stop();
}
process.exit(failed ? 1 : 0);
