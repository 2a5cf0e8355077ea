/** The page's header: the state of the daemon as a whole, and the actions on it. */
class Daemon {
  constructor() {
    byId("drain").addEventListener("click", () => this.onDrain());
    byId("log-level").addEventListener("change", () => this.onLevel());
  }

  show(daemon, actors) {
    this.daemon = daemon;
    const [state, why] = this.stateOf(daemon);
    this.pill(state);
    const reasons = byId("reasons");
    reasons.hidden = why.length === 0;
    setText(reasons, why.join("; "));
    this.pageVersion = this.pageVersion || daemon.version; // the version of the daemon that served this page
    if (daemon.version !== this.pageVersion) toast("The daemon now runs another version: reload this page", true);
    const rate = name => actors.find(actor => actor.name === name)?.rate || 0;
    const restarts = actors.reduce((sum, actor) => sum + actor.restarts, 0);
    showFacts(byId("facts"), [
      ["Version", daemon.version], ["Up", duration(daemon.up_ms)], ["Requests/s", number(rate("http_server"))],
      ["Lists/s", number(rate("recommender"))], ["In flight", number(daemon.in_flight)], ["Restarts", String(restarts)],
      ["Model", daemon.model_version], ["Trained", this.ageOf(daemon.model_trained_at)],
      ["Drift", this.driftOf(daemon.drift)], ["Candidates", daemon.retrieval], ["Process", String(daemon.pid)]]);
    const level = byId("log-level");
    if (document.activeElement !== level) level.value = daemon.log_level;
    level.disabled = false;
    byId("drain").disabled = daemon.reasons.includes("shutting down");
  }

  ageOf(trainedAt) {
    return trainedAt ? duration(Math.max(0, Date.now() - trainedAt * 1000)) + " ago" : "–";
  }

  /** What the models do not know of recent requests, and the value that is distributed most otherwise than in the training. */
  driftOf(drift) {
    if (!drift || !drift.observed_lists) return "–";
    const unknown = percent(drift.unknown_items) + " of items, " + percent(drift.unknown_users) + " of users unknown";
    const indices = Object.entries(drift.stability_indices).sort((a, b) => b[1] - a[1]);
    return indices.length ? unknown + "; " + indices[0][0] + " " + indices[0][1].toFixed(2) : unknown;
  }

  stateOf(daemon) {
    const degraded = [].concat(daemon.degraded || []).filter(one => typeof one === "string");
    if (daemon.reasons.includes("shutting down")) return ["draining", daemon.reasons];
    if (!daemon.ready) return ["not ready", daemon.reasons];
    return daemon.degraded === true || degraded.length ? ["degraded", degraded] : ["ready", []];
  }

  pill(state) {
    const shapes = {ready: "●", degraded: "▲", draining: "◌"};
    const pill = byId("readiness");
    setAttribute(pill, "data-state", state);
    setText(pill, (shapes[state] || "✕") + " " + state);
    document.title = (state === "ready" ? "" : state + " · ") + "winnowd";
  }

  lost() {
    this.pill("unreachable");
    byId("reasons").hidden = true;
    byId("log-level").disabled = byId("drain").disabled = true;
  }

  async onDrain() {
    if (await confirmed("Drain the daemon?", "It accepts no new work, finishes the requests in flight, and stops. Whether " +
                        "it restarts depends on what started it.", "Drain"))
      await act("POST", "drain", "The daemon is draining and will stop");
  }

  async onLevel() {
    const level = byId("log-level");
    const wanted = level.value;
    const done = await confirmed("Log from level " + wanted + "?", "Until the daemon stops or the level is changed again.", "Change") &&
      await act("POST", "loglevel?level=" + wanted, "Log level " + wanted);
    level.value = done ? wanted : this.daemon.log_level;
  }
}
