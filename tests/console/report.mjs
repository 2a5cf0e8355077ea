// Runs the test cases in order and writes a JUnit report for tools/count-tests.
import {writeFileSync} from "node:fs";

const cases = [];

export function test(name, run) {
  cases.push({name, run});
}

const escaped = text => String(text).replace(/[&<>"]/g, sign => `&#${sign.charCodeAt(0)};`);

/** Runs all cases. @return How many failed. */
export async function runAll(file) {
  let failed = 0;
  const lines = [];
  for (const {name, run} of cases) {
    const begin = Date.now();
    let failure = "";
    try {
      await run();
    } catch (thrown) {
      failure = thrown.stack || String(thrown);
      ++failed;
    }
    const seconds = (Date.now() - begin) / 1000;
    console.log(`${failure ? "FAILED" : "ok"} ${name} (${seconds.toFixed(1)} s)${failure ? "\n" + failure : ""}`);
    lines.push(`<testcase name="${escaped(name)}" time="${seconds}">` +
               (failure ? `<failure>${escaped(failure)}</failure>` : "") + "</testcase>");
  }
  if (file) writeFileSync(file, `<testsuite name="console">${lines.join("\n")}</testsuite>\n`);
  console.log(`${cases.length - failed} passed, ${failed} failed`);
  return failed;
}
