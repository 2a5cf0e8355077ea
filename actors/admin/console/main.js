const daemon = new Daemon();
const log = new EventLog();
const panel = new ActorPanel();
const tree = new ActorTree((actor, row) => panel.open(actor, row));
const charts = new Charts();
new Trace();

let heard = 0;     // when the daemon last told something
let lostWhy = null; // why it does not

function showStatus(status) {
  heard = Date.now();
  lostWhy = null;
  document.body.classList.remove("lost");
  daemon.show(status.daemon, status.actors);
  tree.show(status.actors);
  panel.show(status.actors);
}

function tellConnection() {
  const text = lostWhy === null ? (heard ? "live" : "connecting …")
    : lostWhy + ", retrying" + (heard ? " (last heard " + duration(Date.now() - heard) + " ago)" : "");
  const shown = byId("connection");
  // Once aloud; that the seconds grow is for eyes alone.
  setAttribute(shown, "aria-live", text.startsWith(shown.dataset.said || " ") ? "off" : "polite");
  shown.dataset.said = lostWhy || text;
  setText(shown, text);
}

const stream = new Stream({
  snapshot(told, position) {
    showStatus(told.status);
    charts.show(told.history, true);
    for (const event of told.events) log.add(event, position, false);
    log.summarise();
    tellConnection();
  },
  sample(told) {
    showStatus(told.status);
    charts.show(told.history, false);
    tellConnection();
  },
  event(told, position) {
    log.add(told, position, true);
    log.summarise();
  },
  lost(status) {
    lostWhy = status ? "refused with status " + status : "connection lost";
    document.body.classList.add("lost");
    daemon.lost();
    setText(byId("actors-summary"), "as last heard");
    tellConnection();
  },
  tokenWanted(wasWrong) {
    const form = byId("token-form");
    form.hidden = false;
    setText(byId("connection"), wasWrong ? "that token is not the right one" : "a token is needed");
    byId("token").focus();
    return new Promise(resolve => {
      form.onsubmit = event => {
        event.preventDefault();
        sessionStorage.setItem(tokenKey, byId("token").value.trim());
        byId("token").value = "";
        form.hidden = true;
        resolve();
      };
    });
  },
});

setInterval(() => { if (lostWhy !== null) tellConnection(); }, 1000);
addEventListener("online", () => stream.retry?.());
stream.run();
