const followed = [
  ["candidate_generator", "LightGCN", "s1"], ["din_ranker", "DIN", "s2"], ["ranknet_ranker", "RankNet", "s3"],
  ["recommender", "Whole request", "s4"]];
const historySeconds = 600;

/** Ten minutes of samples: one column for each quantity of each actor. */
class History {
  constructor() { this.time = []; this.actors = {}; }

  column(actor, quantity) { return this.actors[actor]?.[quantity] || []; }

  append(more) {
    const before = this.time.length;
    this.time.push(...more.time);
    for (const name of new Set([...Object.keys(this.actors), ...Object.keys(more.actors)])) {
      const mine = this.actors[name] = this.actors[name] || {};
      for (const [quantity, values] of Object.entries(more.actors[name] || {})) {
        mine[quantity] = mine[quantity] || new Array(before).fill(null);
        mine[quantity].push(...values);
      }
      for (const values of Object.values(mine)) while (values.length < this.time.length) values.push(null);
    }
    const surplus = this.time.length - historySeconds;
    if (surplus <= 0) return;
    this.time.splice(0, surplus);
    for (const mine of Object.values(this.actors))
      for (const values of Object.values(mine)) values.splice(0, surplus);
  }
}

/** The smallest of 1, 2, 3, 4, 5, 10, 20, … that is at least the value. */
function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 3, 4, 5, 10].map(step => step * power).find(step => step >= value * 0.999);
}

/** Lines over time. The legend shows the values at the cursor, or the latest ones without a cursor. */
class Chart {
  constructor(owner, title, unit, smallest, series, isSmall) {
    Object.assign(this, {owner, title, unit, smallest, series});
    this.legend = el("figcaption", {}, el("span", {class: "chart-title"}, title));
    this.values = series.map(one => {
      const value = el("b");
      this.legend.append(el("span", {class: "key"},
        svg("svg", {class: "swatch", width: 22, height: 8, "aria-hidden": "true"},
            svg("path", {class: "line " + one.style, d: "M1 4H21"})), one.label + " ", value));
      return value;
    });
    this.svg = svg("svg", {"aria-hidden": "true", class: "plot"});
    this.plot = el("div", {class: "plot-area", tabindex: "0", role: "group",
      "aria-label": title + ", last 10 minutes. Left and right arrows read values; a table follows."}, this.svg);
    this.table = el("table");
    this.details = el("details", {}, el("summary", {}, "Table", el("span", {class: "unseen"}, " of " + title)),
                      el("div", {class: "scroll"}, this.table));
    this.details.addEventListener("toggle", () => this.drawTable());
    this.element = el("figure", {class: isSmall ? "small" : null}, this.legend, this.plot, this.details);
    this.plot.addEventListener("pointermove", event => this.onPointer(event));
    this.plot.addEventListener("pointerleave", () => this.owner.moveCursor(null));
    this.plot.addEventListener("blur", () => this.owner.moveCursor(null));
    this.plot.addEventListener("keydown", event => this.onKey(event));
    new ResizeObserver(() => this.draw()).observe(this.plot);
  }

  columns() { return this.series.map(one => this.owner.history.column(one.actor, one.quantity)); }
  valueAt(values, i, one) { return one.zeroIsNone && !values[i] ? null : values[i]; }

  draw() {
    const {time} = this.owner.history;
    const box = {w: this.plot.clientWidth, h: this.plot.clientHeight, left: 46, right: 8, top: 6, bottom: 17};
    if (box.w < 80) return;
    const columns = this.columns();
    const end = time.length ? time[time.length - 1] : 0;
    const largest = Math.max(this.smallest, ...columns.flat().filter(value => value !== null));
    const top = roundUp(largest);
    const x = t => box.left + (box.w - box.left - box.right) * (1 - (end - t) / historySeconds);
    const y = v => box.h - box.bottom - (box.h - box.top - box.bottom) * v / top;
    this.toTime = px => end - historySeconds * (1 - (px - box.left) / (box.w - box.left - box.right));
    setAttribute(this.svg, "viewBox", "0 0 " + box.w + " " + box.h);
    const parts = [];
    for (const share of [0, 0.5, 1]) {
      const at = y(top * share);
      parts.push(svg("path", {class: "grid", d: "M" + box.left + " " + at + "H" + (box.w - box.right)}),
                 svg("text", {x: box.left - 6, y: at + 3.5, class: "end"}, this.unit(top * share) === "–" ? "0" : this.unit(top * share)));
    }
    for (const [minutes, label, where] of [[10, "−10 min", "start"], [5, "−5 min", "middle"], [0, "now", "end"]])
      parts.push(svg("text", {x: x(end - minutes * 60), y: box.h - 3, class: where}, label));
    const lines = this.series.map((one, s) => {
      let path = "", gap = true;
      time.forEach((t, i) => {
        const value = this.valueAt(columns[s], i, one);
        if (value === null || value === undefined) { gap = true; return; }
        path += (gap ? "M" : "L") + x(t).toFixed(1) + " " + y(value).toFixed(1);
        if (gap) path += "h.01"; // makes an isolated point visible
        gap = false;
      });
      return svg("path", {class: "line " + one.style, d: path});
    });
    parts.push(...lines.reverse()); // the thickest line at the bottom, so that the dashes on top of it stay visible
    const cursor = this.owner.cursor;
    if (cursor !== null && time[cursor] !== undefined) {
      const at = x(time[cursor]).toFixed(1);
      parts.push(svg("path", {class: "cursor", d: "M" + at + " " + box.top + "V" + (box.h - box.bottom)}));
      this.series.forEach((one, s) => {
        const value = this.valueAt(columns[s], cursor, one);
        if (value !== null && value !== undefined) parts.push(svg("circle", {class: "dot " + one.style, cx: at, cy: y(value), r: 3}));
      });
    }
    this.svg.replaceChildren(...parts);
    const read = cursor === null ? time.length - 1 : cursor;
    this.series.forEach((one, s) => setText(this.values[s], this.unit(this.valueAt(columns[s], read, one))));
    setAttribute(this.element, "data-at", cursor === null ? null : clockTime(time[cursor]));
    if (this.details.open && cursor === null) this.drawTable();
  }

  /** One row per minute: the sample at its end. */
  drawTable() {
    if (!this.details.open) return;
    const {time} = this.owner.history;
    const columns = this.columns();
    const body = el("tbody");
    for (let i = time.length - 1; i >= 0; i -= 60)
      body.append(el("tr", {}, el("th", {scope: "row"}, clockTime(time[i])),
        ...columns.map((values, s) => el("td", {}, this.unit(this.valueAt(values, i, this.series[s]))))));
    this.table.replaceChildren(el("caption", {class: "unseen"}, this.title),
      el("thead", {}, el("tr", {}, el("th", {scope: "col"}, "Time"),
                         ...this.series.map(one => el("th", {scope: "col"}, one.label)))), body);
  }

  onPointer(event) {
    if (!this.toTime) return;
    const wanted = this.toTime(event.clientX - this.plot.getBoundingClientRect().left);
    this.owner.moveCursor(this.owner.nearest(wanted));
  }

  onKey(event) {
    const last = this.owner.history.time.length - 1;
    const now = this.owner.cursor === null ? last : this.owner.cursor;
    const to = {ArrowLeft: now - 10, ArrowRight: now + 10, Home: 0, End: last}[event.key];
    if (event.key === "Escape") this.owner.moveCursor(null);
    if (to === undefined || last < 0) return;
    event.preventDefault();
    this.owner.moveCursor(Math.min(Math.max(to, 0), last));
    const columns = this.columns();
    setText(byId("chart-readout"), clockTime(this.owner.history.time[this.owner.cursor]) + ": " +
      this.series.map((one, s) => one.label + " " + this.unit(this.valueAt(columns[s], this.owner.cursor, one))).join(", "));
  }
}

/** All charts. They share the cursor. */
class Charts {
  constructor() {
    this.history = new History();
    this.cursor = null;
    const lines = quantity => followed.map(([actor, label, style]) => ({actor, quantity, label, style}));
    const perSecond = value => value === null || value === undefined ? "–" : number(value);
    this.charts = [
      new Chart(this, "Throughput, per second", perSecond, 10, lines("rate")),
      ...followed.map(([actor, label, style]) => new Chart(this, label + ", latency", latency, 100, [
        {actor, quantity: "p50_us", label: "p50", style, zeroIsNone: true},
        {actor, quantity: "p99_us", label: "p99", style: style + " upper", zeroIsNone: true}], true)),
      new Chart(this, "Waiting in the queue", perSecond, 5, lines("queue").slice(0, 3))];
    byId("chart-area").append(...this.charts.map(chart => chart.element));
  }

  nearest(wanted) {
    const {time} = this.history;
    let best = null;
    time.forEach((t, i) => { if (best === null || Math.abs(t - wanted) < Math.abs(time[best] - wanted)) best = i; });
    return best;
  }

  moveCursor(index) {
    if (index === this.cursor) return;
    this.cursor = index;
    this.draw();
  }

  show(history, isWhole) {
    if (isWhole) this.history = new History();
    const before = this.history.time.length;
    this.history.append(history);
    const grown = before + history.time.length - this.history.time.length; // samples that expired
    if (this.cursor !== null) this.cursor = isWhole ? null : Math.max(this.cursor - grown, 0);
    this.draw();
  }

  draw() { for (const chart of this.charts) chart.draw(); }
}
