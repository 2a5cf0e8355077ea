const stageNames = ["candidate_generator", "din_ranker", "ranknet_ranker"];

/** Details of the opened actor, and the actions on it. */
class ActorPanel {
  constructor() {
    this.panel = byId("actor");
    this.title = el("h3", {tabindex: "-1", id: "actor-title"});
    this.facts = el("dl", {class: "facts"});
    this.kill = el("button", {type: "button", class: "danger"}, "Kill …");
    this.workers = el("input", {type: "number", min: "1", max: "1024", id: "actor-workers", inputmode: "numeric"});
    this.scale = el("span", {class: "scale"}, el("label", {for: "actor-workers"}, "Workers"), this.workers,
                    el("button", {type: "button"}, "Scale …"));
    const close = el("button", {type: "button"}, "Close");
    this.panel.append(this.title, this.facts, el("div", {class: "choices"}, this.scale, this.kill, close));
    this.panel.setAttribute("role", "group");
    this.panel.setAttribute("aria-labelledby", "actor-title");
    this.kill.addEventListener("click", () => this.onKill());
    this.scale.lastChild.addEventListener("click", () => this.onScale());
    close.addEventListener("click", () => this.close());
    this.panel.addEventListener("keydown", event => { if (event.key === "Escape") this.close(); });
  }

  open(actor, opener) {
    this.id = actor.id;
    this.opener = opener;
    this.panel.hidden = false;
    this.show([...this.actors || [actor]]);
    this.workers.value = this.workersOf(actor.id);
    this.title.focus();
  }

  close() {
    this.panel.hidden = true;
    this.opener?.removeAttribute("aria-selected");
    this.opener?.focus();
  }

  workersOf(id) {
    return Math.max(1, (this.actors || []).filter(actor => actor.parent === id).length);
  }

  show(actors) {
    this.actors = actors;
    if (this.panel.hidden) return;
    const actor = actors.find(one => one.id === this.id);
    if (!actor) return this.close();
    this.actor = actor;
    setText(this.title, actor.name);
    this.kill.hidden = actor.parent === 0 || actor.group;
    this.scale.hidden = !stageNames.includes(actor.name);
    const facts = [
      ["State", actor.state + (actor.silent_ms ? ", silent for " + duration(actor.silent_ms) : "")],
      ["Up", duration(actor.up_ms)], ["Handled", actor.handled.toLocaleString("en")],
      ["Latency", [actor.p50_us, actor.p99_us, actor.max_us].map(latency).join(" / ") + " (p50, p99, max; last minute)"],
      ["Restarts", actor.restarts + " (" + actor.restarts_in_window + " in the last 10 s)"],
      ["Doing", actor.doing ? actor.doing + " for " + duration(actor.doing_ms) : "waiting for messages"],
      ["Last error", actor.last_error ? actor.last_error + " at " + clockTime(actor.last_error_at) : "none"]];
    showFacts(this.facts, facts);
  }

  async onKill() {
    const name = this.actor.name;
    if (await confirmed("Kill " + name + "?", "It ends as if it had crashed. Requests that it holds are answered with an " +
                        "error. Its supervisor restarts it.", "Kill"))
      await act("POST", "actors/" + encodeURIComponent(name) + "/kill", name + " was killed");
  }

  async onScale() {
    const name = this.actor.name;
    const count = Number(this.workers.value);
    if (!Number.isInteger(count) || count < 1 || count > 1024) return toast("Workers: expected 1 to 1024", true);
    if (await confirmed("Scale " + name + "?", "From " + this.workersOf(this.actor.id) + " to " +
                        counted(count, "worker", "workers") + ", until the daemon stops.", "Scale"))
      await act("POST", "stages/" + encodeURIComponent(name) + "/workers?count=" + count,
                name + ": " + counted(count, "worker", "workers"));
  }
}

function showFacts(list, facts) {
  while (list.children.length < facts.length) list.append(el("div", {}, el("dt"), el("dd")));
  facts.forEach(([name, value], i) => {
    setText(list.children[i].firstChild, name);
    setText(list.children[i].lastChild, value);
  });
}

/** Sends a confirmed request and shows the outcome. */
async function act(method, target, done) {
  try {
    await ask(method, target);
    toast(done);
    return true;
  } catch (failure) {
    toast("Failed: " + failure.message, true);
    return false;
  }
}
