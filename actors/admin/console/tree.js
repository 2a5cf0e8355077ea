const stateShapes = {running: "●", restarting: "↻", stuck: "▲", down: "✕", stopping: "◌"};
const columns = [
  ["name", "Actor"], ["state", "State"], ["rate", "Rate/s"], ["busy", "Busy"], ["now", "Now"], ["queue", "Queue"],
  ["p50", "p50"], ["p99", "p99"], ["restarts", "Restarts"], ["doing", "Doing"]];

/** One actor's row. Created once, then updated in place. */
class ActorRow {
  constructor() {
    this.cells = {};
    this.element = el("div", {role: "row", tabindex: "-1"});
    for (const [name, label] of columns) {
      this.cells[name] = el("div", {role: "gridcell", class: name, "data-label": label});
      this.element.append(this.cells[name]);
    }
    this.twisty = el("span", {class: "twisty", "aria-hidden": "true"});
    this.label = el("span", {class: "label"});
    this.cells.name.append(this.twisty, this.label);
    this.shape = el("span", {class: "shape", "aria-hidden": "true"});
    this.state = el("span");
    this.cells.state.append(this.shape, this.state);
    for (const name of ["busy", "queue"]) {
      this[name] = {text: el("span"), bar: bar()};
      this.cells[name].append(this[name].bar, this[name].text);
    }
  }

  show(actor) {
    this.actor = actor;
    setText(this.label, actor.name);
    setAttribute(this.element, "data-state", actor.state);
    setText(this.shape, stateShapes[actor.state] || "?");
    setText(this.state, actor.state);
    setText(this.cells.rate, number(actor.rate));
    setText(this.busy.text, percent(actor.busy));
    this.busy.bar.show(actor.busy, actor.busy > 0.9);
    setText(this.cells.now, number(actor.in_flight));
    const bounded = actor.queue_capacity > 0;
    setText(this.queue.text, bounded ? actor.queue + "/" + actor.queue_capacity : String(actor.queue));
    this.queue.bar.hidden = !bounded;
    if (bounded) this.queue.bar.show(actor.queue / actor.queue_capacity, actor.queue > actor.queue_capacity / 2);
    setText(this.cells.p50, latency(actor.p50_us));
    setText(this.cells.p99, latency(actor.p99_us));
    setText(this.cells.restarts, actor.restarts ? String(actor.restarts) : "–");
    this.cells.restarts.classList.toggle("some", actor.restarts > 0);
    setText(this.cells.doing, doingOf(actor));
  }
}

function doingOf(actor) {
  if (actor.state === "restarting" || actor.state === "down") return actor.last_error || "–";
  if (actor.state === "stuck") return (actor.doing || "waiting for a thread") + ", silent for " + duration(actor.silent_ms);
  return actor.doing || ""; // empty while it waits for messages
}

/** The supervision tree as an ARIA tree grid: rows can be folded, and only one row is in the tab order. */
class ActorTree {
  constructor(onOpen) {
    this.onOpen = onOpen;
    this.rows = new Map(); // by the actor's id
    this.folded = new Set();
    this.grid = el("div", {role: "treegrid", "aria-label": "Supervision tree"});
    this.head = el("div", {role: "row", class: "head"},
                   ...columns.map(([name, label]) => el("div", {role: "columnheader", class: name}, label)));
    this.body = el("div", {role: "rowgroup"});
    this.grid.append(el("div", {role: "rowgroup"}, this.head), this.body);
    byId("tree").append(this.grid);
    this.body.addEventListener("keydown", event => this.onKey(event));
    this.body.addEventListener("click", event => this.onClick(event));
  }

  show(actors) {
    const ids = new Set(actors.map(actor => actor.id));
    for (const [id, row] of this.rows) if (!ids.has(id)) { row.element.remove(); this.rows.delete(id); }
    const levels = new Map();
    const parents = new Set(actors.map(actor => actor.parent));
    let before = null;
    for (const actor of actors) {
      const row = this.rows.get(actor.id) || new ActorRow();
      this.rows.set(actor.id, row);
      const level = (levels.get(actor.parent) || 0) + 1;
      levels.set(actor.id, level);
      row.level = level;
      row.hasChildren = parents.has(actor.id);
      row.show(actor);
      if ((before ? before.nextSibling : this.body.firstChild) !== row.element) this.body.insertBefore(row.element, before ? before.nextSibling : this.body.firstChild);
      before = row.element;
    }
    this.fold(actors);
    if (!this.body.querySelector('[tabindex="0"]') && before) setAttribute(this.body.firstChild, "tabindex", "0");
    this.summarise(actors);
  }

  fold(actors) {
    const hidden = new Set();
    for (const actor of actors) {
      const row = this.rows.get(actor.id);
      const hide = hidden.has(actor.parent) || this.folded.has(actor.parent);
      if (hide) hidden.add(actor.id);
      row.element.hidden = hide;
      const open = row.hasChildren ? String(!this.folded.has(actor.id)) : null;
      setAttribute(row.element, "aria-level", row.level);
      setAttribute(row.element, "aria-expanded", open);
      setText(row.twisty, open === null ? "" : open === "true" ? "▾" : "▸");
    }
  }

  summarise(actors) {
    const notRunning = actors.filter(actor => actor.state !== "running").length;
    setText(byId("actors-summary"), actors.length + (notRunning ? ", " + notRunning + " not running" : ", all running"));
  }

  rowOf(element) {
    for (const row of this.rows.values()) if (row.element === element) return row;
    return null;
  }

  focus(element) {
    if (!element) return;
    for (const row of this.rows.values()) setAttribute(row.element, "tabindex", row.element === element ? "0" : "-1");
    element.focus();
  }

  toggle(row, open) {
    if (!row.hasChildren) return;
    if (open) this.folded.delete(row.actor.id); else this.folded.add(row.actor.id);
    this.fold([...this.body.children].map(element => this.rowOf(element).actor));
  }

  select(row) {
    for (const other of this.rows.values()) setAttribute(other.element, "aria-selected", other === row ? "true" : null);
    this.onOpen(row.actor, row.element);
  }

  onClick(event) {
    const element = event.target.closest('[role="row"]');
    const row = this.rowOf(element);
    if (!row) return;
    this.focus(element);
    if (event.target === row.twisty) this.toggle(row, this.folded.has(row.actor.id));
    else this.select(row);
  }

  onKey(event) {
    const row = this.rowOf(event.target);
    if (!row || event.ctrlKey || event.altKey || event.metaKey) return;
    const visible = [...this.body.children].filter(element => !element.hidden);
    const at = visible.indexOf(row.element);
    const isOpen = row.hasChildren && !this.folded.has(row.actor.id);
    const actions = {
      ArrowDown: () => this.focus(visible[at + 1]),
      ArrowUp: () => this.focus(visible[at - 1]),
      Home: () => this.focus(visible[0]),
      End: () => this.focus(visible[visible.length - 1]),
      ArrowRight: () => isOpen ? this.focus(visible[at + 1]) : this.toggle(row, true),
      ArrowLeft: () => isOpen ? this.toggle(row, false) : this.focus(this.rows.get(row.actor.parent)?.element),
      Enter: () => this.select(row),
      " ": () => this.select(row),
    };
    if (!actions[event.key]) return;
    event.preventDefault();
    actions[event.key]();
  }
}
