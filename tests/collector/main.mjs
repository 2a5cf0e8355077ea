// Traces that a real winnowd exports, as a strict collector sees them. Usage: see run.
import assert from "node:assert/strict";
import {execFileSync} from "node:child_process";
import {readFileSync} from "node:fs";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";
import {Daemon, eventually} from "../console/daemon.mjs";
import {runAll, test} from "../console/report.mjs";
import {attributes, check, Collector} from "./collector.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const fixtures = join(process.env.WINNOW_SOURCE_DIR, "tests/fixtures/bookshop");
const books = readFileSync(join(fixtures, "items.csv"), "utf8").split("\n").slice(1, 13).map(line => line.split(",")[0]);
const user = "A8SZ6INK77SAY";
const trace = "5b8efff798038103d269b633813fc60c";
const parent = "eee19b7ec3c1b174";

const collector = await Collector.start();
const daemon = await Daemon.start({flags: ["--otlp-endpoint", collector.url, "--otlp-headers", "x-token=a%20b",
  "--service-name", "books", "--resource-attributes", "deployment.environment.name=test", "--slow-log", "1ms",
  "--enable-faults"]});
await daemon.profile(user, books);

/** Sends a request with a parent and waits for its trace. */
async function traced(id, path, {method = "POST", flags = "01", headers = {}, body} = {}) {
  const answer = await fetch(daemon.url + path, {method, body, headers: {traceparent: `00-${id}-${parent}-${flags}`, ...headers}});
  const spans = await eventually(() => collector.trace(id).find(span => span.parentSpanId === parent) && collector.trace(id),
                                 "the trace " + id);
  return {answer, spans, named: name => spans.find(span => span.name === name)};
}

const textOf = accept => fetch(daemon.url + "/metrics", {headers: {Accept: accept}}).then(answer => answer.text());
const metric = async name => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(await textOf("text/plain"))[1]);

test("the collector refuses what the protocol does not know", () => {
  const span = {traceId: trace, spanId: parent, name: "x", kind: 1, startTimeUnixNano: "1", endTimeUnixNano: "2"};
  const request = one => JSON.stringify({resourceSpans: [{scopeSpans: [{spans: [one]}]}]});
  check(request(span));
  for (const wrong of [{spanId: "0000000000000000"}, {spanId: "ab"}, {traceId: trace.toUpperCase()}, {colour: 1},
                       {startTimeUnixNano: 1764336000000000001}])
    assert.throws(() => check(request({...span, ...wrong})), JSON.stringify(wrong));
});

test("a request is one trace, from its client's span to each stage's queue and computation", async () => {
  const {answer, spans, named} = await traced(trace, "/recommend/" + user, {headers: {tracestate: "shop=1, other=x"}});
  assert.equal(answer.status, 200);
  const root = named("POST /recommend/{user_id}");
  assert.equal(root.kind, 2);
  assert.equal(root.traceState, "shop=1,other=x");
  assert.equal(answer.headers.get("traceparent"), `00-${trace}-${root.spanId}-01`);
  assert.equal(answer.headers.get("tracestate"), "shop=1,other=x");
  const facts = attributes(root);
  assert.equal(facts["http.response.status_code"], "200");
  assert.equal(facts["http.route"], "/recommend/{user_id}");
  assert.equal(facts["winnow.request_id"], answer.headers.get("x-request-id"));
  const steps = ["read profile", "candidate_generator", "din_ranker", "ranknet_ranker", "store list"];
  for (const name of steps) {
    const step = named(name);
    assert.equal(step.parentSpanId, root.spanId, name);
    assert.equal(named(name + " queue").parentSpanId, step.spanId, name);
  }
  for (const name of steps.slice(1, 4)) {
    const [step, queue, compute] = [named(name), named(name + " queue"), named(name + " compute")];
    assert.equal(compute.parentSpanId, step.spanId);
    assert.equal(attributes(compute)["winnow.batch.size"], "1");
    assert.equal(queue.endTimeUnixNano, compute.startTimeUnixNano);
  }
  assert.equal(spans.length, 1 + 5 + 5 + 3);
  assert.equal(new Set(spans.map(span => span.spanId)).size, spans.length);
  for (const span of spans) {
    assert.ok(BigInt(span.startTimeUnixNano) >= BigInt(root.startTimeUnixNano), span.name);
    assert.ok(BigInt(span.endTimeUnixNano) >= BigInt(span.startTimeUnixNano), span.name);
    assert.ok(BigInt(span.endTimeUnixNano) <= BigInt(root.endTimeUnixNano), span.name);
    assert.equal(span.status?.code ?? 0, 0, span.name);
  }
  assert.ok(Math.abs(Number(BigInt(root.startTimeUnixNano) / 1000000n) - Date.now()) < 60_000);
});

test("the process says who it is, and the collector gets its headers", async () => {
  assert.equal(collector.resource["service.name"], "books");
  assert.equal(collector.resource["deployment.environment.name"], "test");
  assert.match(collector.resource["service.instance.id"], /^[0-9a-f]{32}$/);
  assert.equal(collector.requests[0]["x-token"], "a b");
});

test("reads of the store, and similar items, are traced, too", async () => {
  const read = await traced("00000000000000000000000000000001", "/recommendations/" + user, {method: "GET"});
  const [reading, queue] = [read.named("read list"), read.named("read list queue")];
  assert.equal(attributes(reading)["db.operation.batch.size"], "1");
  assert.ok(BigInt(queue.endTimeUnixNano) < BigInt(reading.endTimeUnixNano)); // not all of its time is a wait
  const similar = await traced("00000000000000000000000000000002", `/items/${books[0]}/similar`, {method: "GET"});
  assert.ok(similar.named("candidate_generator compute"));
});

test("a request for many lists has one span for the steps of each name", async () => {
  const body = JSON.stringify({users: [user, {history: books}, user]});
  const {answer, spans, named} = await traced("00000000000000000000000000000009", "/recommend", {body});
  assert.equal(answer.status, 200);
  for (const [name, count] of [["read profile", "2"], ["candidate_generator", "3"], ["din_ranker", "3"],
                               ["ranknet_ranker compute", "3"], ["store list", "2"]]) {
    const facts = attributes(named(name));
    assert.equal(facts["winnow.count"], count, name);
    assert.ok(facts["winnow.longest_ms"] > 0 && facts["winnow.total_ms"] >= facts["winnow.longest_ms"], name);
  }
  assert.equal(spans.length, 1 + 5 + 5 + 3);
});

test("erasing a user has spans for each part", async () => {
  const {answer, named} = await traced("0000000000000000000000000000000a", "/users/nobody", {method: "DELETE"});
  assert.equal(answer.status, 200);
  for (const name of ["list keys", "read list and events", "erase user"])
    assert.equal(attributes(named(name))["db.operation.name"], name);
});

test("a stage that fails is an error in its span, and a degraded reason in the request's", async () => {
  await daemon.ctl("fault", "din_ranker", "error");
  const {answer, named} = await traced("00000000000000000000000000000003", "/recommend/" + user);
  assert.equal(answer.status, 200);
  const {degraded} = await answer.json();
  assert.equal(degraded.length, 1);
  assert.equal(named("din_ranker").status.code, 2);
  assert.ok(degraded[0].endsWith(named("din_ranker").status.message));
  assert.deepEqual(attributes(named("POST /recommend/{user_id}"))["winnow.degraded"], degraded);
});

test("a client's decision not to sample is respected, and a malformed parent begins a new trace", async () => {
  const before = collector.spans.length;
  const id = "00000000000000000000000000000004";
  const ignored = await fetch(daemon.url + "/recommendations/" + user, {headers: {traceparent: `00-${id}-${parent}-00`}});
  assert.match(ignored.headers.get("traceparent"), new RegExp(`^00-${id}-[0-9a-f]{16}-00$`)); // for the slow log
  const fresh = await fetch(daemon.url + "/recommendations/" + user, {headers: {traceparent: `00-${trace}-${parent}-1`, tracestate: "shop=1"}});
  const id2 = fresh.headers.get("traceparent").slice(3, 35);
  assert.notEqual(id2, trace);
  assert.equal(fresh.headers.get("tracestate"), null);
  await eventually(() => collector.trace(id2).length > 0, "the new trace");
  assert.equal(collector.trace(id2).filter(span => span.parentSpanId === undefined).length, 1);
  assert.equal(collector.trace(id).length, 0);
  assert.ok(collector.spans.length > before);
});

test("a changed profile has a trace of its own", async () => {
  await daemon.profile("reader of the background", books.slice(3));
  await eventually(() => collector.spans.find(span => span.name === "profile change"), "a trace of the background");
  const root = collector.spans.find(span => span.name === "profile change");
  const names = collector.trace(root.traceId).map(span => span.name);
  for (const name of ["read profile", "candidate_generator compute", "store list"]) assert.ok(names.includes(name), names.join());
});

test("a batch that the collector cannot take is sent again when it says", async () => {
  collector.refusals.push({status: 503, retryAfter: "0"}, {status: 429, retryAfter: "0"});
  const {spans} = await traced("00000000000000000000000000000005", "/recommendations/" + user, {method: "GET"});
  assert.equal(collector.refusals.length, 0);
  assert.equal(spans.filter(span => span.parentSpanId === parent).length, 1); // once
  assert.equal(await metric("winnow_trace_failed_spans_total"), 0);
});

test("a batch that the collector refuses for good is counted", async () => {
  collector.refusals.push({status: 400});
  await fetch(daemon.url + "/recommendations/" + user);
  await eventually(async () => await metric("winnow_trace_failed_spans_total") > 0, "the failure to be counted");
  assert.ok(await metric("winnow_trace_exported_spans_total") > 0);
  assert.equal(await metric("winnow_trace_dropped_traces_total"), 0);
});

test("OpenMetrics text is valid and its exemplars lead to exported traces", async () => {
  const text = await textOf("application/openmetrics-text; version=1.0.0");
  const seen = JSON.parse(execFileSync("/usr/bin/python3", [join(here, "read-open-metrics")], {input: text, encoding: "utf8"}));
  const examples = seen.filter(sample => sample.trace);
  for (const family of ["winnow_http_duration_seconds", "winnow_recommender_duration_seconds", "winnow_stage_duration_seconds",
                        "winnow_store_pipeline_duration_seconds", "winnow_version_duration_seconds"])
    assert.ok(examples.some(sample => sample.name === family + "_bucket"), family);
  for (const {trace: id, value, bound} of examples) assert.ok(value <= bound, `${id}: ${value} > ${bound}`);
  assert.ok(examples.some(({trace: id}) => collector.trace(id).length > 0));
  const old = await textOf("text/plain");
  assert.ok(!old.includes("trace_id") && !old.includes("# EOF"));
});

test("the slow log and winnowctl slow show the steps of a request", async () => {
  await daemon.ctl("fault", "ranknet_ranker", "slow", "--ms", "20");
  const id = "00000000000000000000000000000006";
  await traced(id, "/recommend/" + user);
  const shown = (await daemon.ctl("slow")).split("\n");
  const at = shown.findIndex(line => line.endsWith("trace=" + id));
  assert.match(shown[at], new RegExp(`200 POST /recommend/${user} trace`));
  assert.match(shown[at + 1], /^ {2}read profile .*ranknet_ranker [\d.]+ms \(queue .*compute .*batch 1\), store list/);
  const kept = JSON.parse(await daemon.ctl("slow", "--json"));
  assert.equal(kept.threshold_ms, 1);
  const request = kept.requests.find(one => one.trace_id === id);
  assert.ok(request.duration_ms >= 20);
  assert.ok(request.steps.find(one => one.step === "ranknet_ranker").compute_ms >= 20);
  const line = daemon.errors.split("\n").find(text => text.includes("slow request") && text.includes("trace_id=" + id));
  assert.match(line, /duration_ms=\d.*steps="read profile/);
});

test("what has ended is exported when the daemon stops", async () => {
  const id = "00000000000000000000000000000007";
  await fetch(daemon.url + "/recommendations/" + user, {headers: {traceparent: `00-${id}-${parent}-01`}});
  await daemon.stop();
  assert.ok(collector.trace(id).length > 0);
  assert.deepEqual(collector.faults, []);
});

test("a slow request is exported although it is not sampled", async () => {
  const other = await Daemon.start({flags: ["--otlp-endpoint", collector.url, "--trace-ratio", "0", "--trace-slow", "15ms",
    "--enable-faults"]});
  await other.profile(user, books);
  await eventually(async () => (await fetch(other.url + "/recommendations/" + user)).ok, "the list");
  await other.ctl("fault", "din_ranker", "slow", "--ms", "30");
  const id = "00000000000000000000000000000008";
  await fetch(other.url + "/recommend/" + user, {method: "POST", headers: {traceparent: `00-${id}-${parent}-00`}});
  await eventually(() => collector.trace(id).length > 0, "the slow trace");
  const plain = await fetch(other.url + "/recommendations/" + user);
  assert.equal(plain.headers.get("traceparent"), null);
  await other.stop();
});

test("without a collector the daemon serves, and ends in time", async () => {
  const other = await Daemon.start({flags: ["--otlp-endpoint", "http://127.0.0.1:9"]});
  await other.profile(user, books);
  await eventually(() => other.errors.includes("the collector took no traces"), "the failure in the log");
  assert.ok((await other.recommend(user)).ok);
  const begin = Date.now();
  await other.stop();
  assert.ok(Date.now() - begin < 10_000);
});

const failed = await runAll(process.argv[2]);
collector.stop();
process.exit(failed ? 1 : 0);
