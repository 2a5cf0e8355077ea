// A stand-in for an OpenTelemetry collector: takes OTLP/HTTP JSON at /v1/traces and holds every request to the
// protocol's own messages. Unknown fields, wrong types and ids of a wrong length are refused with 400.
import {createRequire} from "node:module";
import http from "node:http";
import {join} from "node:path";

const require = createRequire(join(process.env.WINNOW_COLLECTOR_PACKAGES, "package.json"));
const root = require(join(process.env.WINNOW_COLLECTOR_PACKAGES,
                          "node_modules/@opentelemetry/otlp-transformer/build/src/generated/root.js"));
const Request = root.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
const idBytes = {traceId: 16, spanId: 8, parentSpanId: 8};

/** Turns the ids' hexadecimal digits into bytes: there, OTLP's JSON differs from protobuf's own. */
function withBytes(node) {
  if (Array.isArray(node)) return node.map(withBytes);
  if (node === null || typeof node !== "object") return node;
  return Object.fromEntries(Object.entries(node).map(([key, value]) => {
    if (!(key in idBytes)) return [key, withBytes(value)];
    const right = typeof value === "string" && new RegExp(`^[0-9a-f]{${2 * idBytes[key]}}$`).test(value) && !/^0+$/.test(value);
    if (!right) throw new Error(`${key}: ${value}`);
    return [key, Buffer.from(value, "hex")];
  }));
}

function withHex(node) {
  if (Buffer.isBuffer(node) || node instanceof Uint8Array) return Buffer.from(node).toString("hex");
  if (Array.isArray(node)) return node.map(withHex);
  if (node === null || typeof node !== "object") return node;
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withHex(value)]));
}

/** What of `sent` did not survive the way through the protocol's binary form. */
function losses(sent, back, at) {
  if (typeof sent !== "object" || sent === null)
    return String(sent) === String(back) ? [] : [`${at}: ${JSON.stringify(sent)} became ${JSON.stringify(back)}`];
  return Object.keys(sent).flatMap(key => {
    if (back !== undefined && back !== null && key in back) return losses(sent[key], back[key], at + "." + key);
    return Array.isArray(sent[key]) && !sent[key].length ? [] : [`${at}.${key}: not a field of the protocol`];
  });
}

/** Integers of 64 bits must be strings: as numbers they would lose digits. */
function longNumbers(node, at) {
  if (typeof node === "number" && Number.isInteger(node) && !Number.isSafeInteger(node)) return [at];
  if (node === null || typeof node !== "object") return [];
  return Object.entries(node).flatMap(([key, value]) => longNumbers(value, at + "." + key));
}

/** @return The resource spans. Throws if the text is no request of the protocol. */
export function check(text) {
  const sent = JSON.parse(text);
  const message = Request.fromObject(withBytes(sent));
  const wrong = Request.verify(message);
  if (wrong) throw new Error(wrong);
  const back = withHex(Request.toObject(Request.decode(Request.encode(message).finish()), {longs: String, bytes: Buffer}));
  const problems = [...losses(sent, back, ""), ...longNumbers(sent, "")];
  if (problems.length) throw new Error(problems.join("; "));
  return back.resourceSpans;
}

export class Collector {
  spans = [];
  resource = {};
  faults = []; // what was wrong with the requests
  requests = []; // their headers
  refusals = []; // {status, retryAfter} to answer with, before anything is taken

  static async start() {
    const made = new Collector();
    made.server = http.createServer((asked, answer) => made.take(asked, answer));
    await new Promise(ready => made.server.listen(0, "127.0.0.1", ready));
    made.url = `http://127.0.0.1:${made.server.address().port}`;
    return made;
  }

  async take(asked, answer) {
    const parts = [];
    for await (const part of asked) parts.push(part);
    this.requests.push(asked.headers);
    answer.setHeader("Content-Type", "application/json");
    try {
      if (asked.method !== "POST" || asked.url !== "/v1/traces") throw new Error(`${asked.method} ${asked.url}`);
      if (asked.headers["content-type"] !== "application/json") throw new Error(asked.headers["content-type"]);
      const all = check(Buffer.concat(parts).toString("utf8"));
      const refusal = this.refusals.shift();
      if (refusal) {
        answer.writeHead(refusal.status, refusal.retryAfter === undefined ? {} : {"Retry-After": refusal.retryAfter});
        return answer.end("{}");
      }
      for (const {resource, scopeSpans} of all) {
        this.resource = attributes(resource);
        this.spans.push(...scopeSpans.flatMap(scope => scope.spans));
      }
      answer.end(JSON.stringify({partialSuccess: {}}));
    } catch (thrown) {
      this.faults.push(thrown.message);
      answer.writeHead(400);
      answer.end(JSON.stringify({code: 3, message: thrown.message}));
    }
  }

  trace(id) { return this.spans.filter(span => span.traceId === id); }

  stop() {
    this.server.close();
    this.server.closeAllConnections();
  }
}

/** The attributes of a span or resource as an object. */
export function attributes(of) {
  const plain = value => value.arrayValue ? value.arrayValue.values.map(plain) : Object.values(value)[0];
  return Object.fromEntries((of.attributes ?? []).map(({key, value}) => [key, plain(value)]));
}
