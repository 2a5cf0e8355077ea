// Starts the system's Chromium and checks rules that hold for every page of the test.
import {createRequire} from "node:module";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import assert from "node:assert/strict";

// npm packages are installed in the build directory, not in the source tree.
const {chromium} = createRequire(process.env.WINNOW_CONSOLE_PACKAGES + "/")("playwright-core");

export async function startBrowser() {
  const profile = mkdtempSync(join(tmpdir(), "winnow-chromium-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.WINNOW_CHROMIUM,
    headless: true,
    viewport: {width: 1440, height: 1000},
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run", "--disable-background-networking",
           "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
  });
  context.setDefaultTimeout(30_000);
  return {context, async close() { await context.close(); rmSync(profile, {recursive: true, force: true}); }};
}

/** Opens a page that records faults: requests to other hosts than `origin`, errors, warnings and dialogs. */
export async function openConsole(context, origin, {mayFail = () => false, path = "/console"} = {}) {
  const page = await context.newPage();
  const faults = [];
  page.on("request", request => {
    if (!request.url().startsWith(origin + "/") && !request.url().startsWith("data:"))
      faults.push("request to " + request.url());
  });
  page.on("pageerror", failure => faults.push("exception: " + failure.stack));
  page.on("console", message => {
    if (["error", "warning"].includes(message.type()) && !mayFail(message.text()))
      faults.push("console message: " + message.text() + " " + JSON.stringify(message.location()));
  });
  page.on("dialog", dialog => { faults.push("dialog: " + dialog.message()); dialog.dismiss(); });
  page.faults = faults;
  await page.goto(origin + path);
  return page;
}

export async function closeWithoutFaults(page) {
  await page.close();
  assert.deepEqual(page.faults, []);
}

/** Asserts that no content is wider than the window. */
export async function assertNoSidewaysScrolling(page) {
  const [content, width, wide] = await page.evaluate(() => [
    document.documentElement.scrollWidth, document.documentElement.clientWidth,
    [...document.querySelectorAll("body *")].filter(one => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".scroll, .skip, .unseen"))
      .slice(0, 5).map(one => one.tagName + "." + one.className)]);
  assert.ok(content <= width, `expected the page to fit the window, ${width} px; it is ${content} px wide: ${wide}`);
}

/** Returns the elements whose text contrast is below WCAG AA. */
export function lowContrasts(page) {
  return page.evaluate(() => {
    const parse = text => text.match(/[\d.]+/g).map(Number);
    const light = channel => (channel /= 255) <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
    const luminance = ([r, g, b]) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b);
    const behind = element => {
      for (let at = element; at; at = at.parentElement) {
        const color = parse(getComputedStyle(at).backgroundColor);
        if (color.length < 4 || color[3] > 0.99) return color;
      }
      return [255, 255, 255];
    };
    const low = new Set();
    for (const element of document.querySelectorAll("body *")) {
      const hasText = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
      if (!hasText || !element.checkVisibility() || element.closest(":disabled, .unseen, .skip, script, style, noscript")) continue;
      const style = getComputedStyle(element);
      const [a, b] = [luminance(parse(element instanceof SVGElement ? style.fill : style.color)), luminance(behind(element))];
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      if (ratio < 4.5) low.add(`${element.tagName}.${element.className.baseVal ?? element.className} ${ratio.toFixed(2)}`);
    }
    return [...low];
  });
}
