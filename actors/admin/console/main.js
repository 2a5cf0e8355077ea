const daemon = new Daemon();
const fleet = new Fleet();
const log = new EventLog();
const panel = new ActorPanel();
const tree = new ActorTree((actor, row) => panel.open(actor, row));
const charts = new Charts();
const models = new Models();
new Trace();

let lastUpdate = 0;    // time of the last message from the daemon, ms; 0 if there was none
let lostReason = null; // why the connection is lost; null while it is live

function showStatus(status) {
  lastUpdate = Date.now();
  lostReason = null;
  document.body.classList.remove("lost");
  daemon.show(status.daemon, status.actors);
  fleet.show(status.fleet);
  models.refresh();
  tree.show(status.actors);
  panel.show(status.actors);
}

function showConnection() {
  const text = lostReason === null ? (lastUpdate ? "live" : "connecting …")
    : lostReason + ", retrying" + (lastUpdate ? " (last update " + duration(Date.now() - lastUpdate) + " ago)" : "");
  const shown = byId("connection");
  // Screen readers announce it once, not each time that the seconds change.
  setAttribute(shown, "aria-live", text.startsWith(shown.dataset.announced || " ") ? "off" : "polite");
  shown.dataset.announced = lostReason || text;
  setText(shown, text);
}

const stream = new Stream({
  snapshot(snapshot, position) {
    showStatus(snapshot.status);
    charts.show(snapshot.history, true);
    for (const event of snapshot.events) log.add(event, position, false);
    log.summarise();
    showConnection();
  },
  sample(sample) {
    showStatus(sample.status);
    charts.show(sample.history, false);
    showConnection();
  },
  event(event, position) {
    log.add(event, position, true);
    log.summarise();
  },
  lost(status) {
    lostReason = status ? "refused with status " + status : "connection lost";
    document.body.classList.add("lost");
    daemon.lost();
    setText(byId("actors-summary"), "as of the last update");
    showConnection();
  },
  tokenRequired(wasWrong) {
    const form = byId("token-form");
    form.hidden = false;
    setText(byId("connection"), wasWrong ? "wrong token" : "an admin token is required");
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

setInterval(() => { if (lostReason !== null) showConnection(); }, 1000);
addEventListener("online", () => stream.retry?.());
stream.run();
