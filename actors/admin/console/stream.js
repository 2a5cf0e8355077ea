const tokenKey = "winnow-admin-token";

/** Keeps the token of an address from winnowctl console, and removes it from the address and the history. */
function takeTokenFromAddress() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (!given) return;
  sessionStorage.setItem(tokenKey, given);
  history.replaceState(null, "", location.pathname + location.search);
}
takeTokenFromAddress();
addEventListener("hashchange", takeTokenFromAddress); // the address was entered into an open page

function headersWithToken(more) {
  const token = sessionStorage.getItem(tokenKey);
  return token ? {...more, Authorization: "Bearer " + token} : {...more};
}

/** Sends one request to the daemon. Throws an error with the daemon's message if it fails. */
async function ask(method, target) {
  let answer;
  try {
    answer = await fetch(target, {method, headers: headersWithToken(), cache: "no-store"});
  } catch {
    throw new Error("the daemon does not answer");
  }
  if (answer.status === 401) throw new Error("this needs the steering token: run winnowctl console and open the address that it prints");
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(body.message || "status " + answer.status);
  return body;
}

/** Parses server-sent events from chunks of text. */
class EventReader {
  constructor(onEvent) { this.onEvent = onEvent; this.rest = ""; }
  take(text) {
    this.rest += text;
    for (let end; (end = this.rest.indexOf("\n\n")) >= 0;) {
      const event = {name: "message", data: [], id: null};
      for (const line of this.rest.slice(0, end).split("\n")) {
        const colon = line.indexOf(":");
        const field = line.slice(0, colon);
        const value = line.slice(colon + 1).replace(/^ /, "");
        if (field === "event") event.name = value;
        else if (field === "data") event.data.push(value);
        else if (field === "id") event.id = value;
      }
      this.rest = this.rest.slice(end + 2);
      if (event.data.length) this.onEvent(event);
    }
  }
}

/**
 * Follows the daemon's stream while the page is open. EventSource cannot be used because of the token: it sends
 * no headers, and a cookie would be sent to every port of this host.
 */
class Stream {
  constructor(on) { this.on = on; this.lastId = null; this.tries = 0; }

  async run() {
    for (;;) {
      const refused = await this.once();
      if (refused === 401) await this.on.tokenRequired(Boolean(sessionStorage.getItem(tokenKey)));
      else {
        this.on.lost(refused);
        await this.pause(Math.min(500 * 2 ** this.tries++, 5000));
      }
    }
  }

  pause(ms) {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, ms);
      this.retry = () => { clearTimeout(timer); resolve(); };
    });
  }

  /** Reads the stream until it ends. Returns the HTTP status if the request is refused, else null. */
  async once() {
    const stop = new AbortController();
    let watchdog = 0;
    const alive = () => { // a sample arrives every second
      clearTimeout(watchdog);
      watchdog = setTimeout(() => stop.abort(), 10000);
    };
    alive();
    try {
      const headers = headersWithToken({Accept: "text/event-stream"});
      if (this.lastId) headers["Last-Event-ID"] = this.lastId;
      const answer = await fetch("stream", {headers, cache: "no-store", signal: stop.signal});
      if (!answer.ok) return answer.status;
      const reader = new EventReader(event => this.dispatch(event));
      const text = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const {done, value} = await text.read();
        if (done) return null;
        alive();
        reader.take(value);
      }
    } catch {
      return null; // disconnected, or silent for too long
    } finally {
      clearTimeout(watchdog);
      stop.abort();
    }
  }

  dispatch(event) {
    if (event.id) this.lastId = event.id;
    this.tries = 0;
    this.on[event.name]?.(JSON.parse(event.data.join("\n")), event.id || this.lastId);
  }
}
