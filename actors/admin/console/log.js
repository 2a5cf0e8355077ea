const levels = ["trace", "debug", "info", "warning", "error"];
const levelShapes = {info: "·", warning: "▲", error: "✕"};
const mostEvents = 500;

/** The events, newest first. A repeated event replaces its earlier row. */
class EventLog {
  constructor() {
    this.list = byId("event-list");
    this.rows = new Map(); // by epoch and the first id of a series of repeats
    this.unannounced = [];
    byId("event-level").addEventListener("change", () => this.filter());
    byId("event-text").addEventListener("input", () => this.filter());
  }

  add(event, position, isNews) {
    const key = position.slice(0, position.lastIndexOf("-")) + "-" + event.first_id;
    const row = this.rows.get(key) || el("li");
    this.rows.delete(key); // a Map keeps insertion order: this moves the row to the end
    this.rows.set(key, row);
    this.draw(row, event);
    this.list.prepend(row);
    if (this.rows.size > mostEvents) {
      const [oldest, gone] = this.rows.entries().next().value;
      gone.remove();
      this.rows.delete(oldest);
    }
    if (isNews && event.level !== "info") this.announce(event);
  }

  draw(row, event) {
    const fields = Object.entries(event.fields).map(([name, value]) => name + "=" + value).join("  ");
    row.className = event.level;
    row.replaceChildren(
      el("time", {datetime: new Date(event.time * 1000).toISOString()}, clockTime(event.time)),
      el("span", {class: "level"}, el("span", {"aria-hidden": "true"}, levelShapes[event.level] || "·"), " " + event.level),
      el("span", {class: "component"}, event.component),
      el("span", {class: "what"}, event.event,
         event.count > 1 ? el("b", {class: "count", title: "since " + clockTime(event.first_time)}, " ×" + event.count) : null,
         fields ? el("span", {class: "fields"}, " " + fields) : null));
    row.hidden = !this.passes(row, event.level);
  }

  passes(row, level) {
    const text = byId("event-text").value.toLowerCase();
    return levels.indexOf(level) >= levels.indexOf(byId("event-level").value) &&
      (!text || row.textContent.toLowerCase().includes(text));
  }

  filter() {
    for (const row of this.rows.values()) row.hidden = !this.passes(row, row.className);
    this.summarise();
  }

  summarise() {
    let shown = 0;
    for (const row of this.rows.values()) if (!row.hidden) ++shown;
    setText(byId("events-summary"), shown === this.rows.size ? String(shown) : shown + " of " + this.rows.size);
  }

  /** Announces events to screen readers, batched so that a storm of events does not talk all the time. */
  announce(event) {
    this.unannounced.push(event);
    if (this.unannounced.length > 1) return;
    setTimeout(() => {
      const [last, count] = [this.unannounced[this.unannounced.length - 1], this.unannounced.length];
      this.unannounced = [];
      setText(byId("event-news"), (count > 1 ? count + " events, latest: " : "") +
        last.level + ", " + last.component + ": " + last.event);
    }, 3000);
  }
}
