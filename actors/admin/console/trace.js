const stageLabels = {candidate_generator: "LightGCN", din_ranker: "DIN", ranknet_ranker: "RankNet"};
const score = value => value === undefined ? "" : Number(value).toFixed(3);

/** Traces one user through the stages: how each stage ranked every item, and DIN's attention on the history. */
class Trace {
  constructor() {
    byId("trace-form").addEventListener("submit", event => {
      event.preventDefault();
      this.run(byId("trace-user").value);
    });
  }

  async run(user) {
    setText(byId("trace-state"), "Tracing …");
    try {
      this.trace = await ask("GET", "trace/" + encodeURIComponent(user));
      setText(byId("trace-state"), "");
      this.draw();
    } catch (failure) {
      byId("trace-result").replaceChildren();
      setText(byId("trace-state"), "No trace: " + failure.message);
    }
  }

  draw() {
    const facts = el("dl", {class: "facts"});
    const {trace} = this;
    showFacts(facts, [
      ["User", trace.user_id], ["Candidates by", (trace.stages[0]?.source || "–").replace("_", " ")],
      ["History", counted(trace.history.length, "item", "items")], ["Profile", trace.profile_key],
      ["Model", trace.model_version], ["Took", latency(trace.total_us)]]);
    const dropped = el("input", {type: "checkbox", id: "trace-all"});
    const list = el("div", {class: "scroll", tabindex: "0", role: "group", "aria-label": "Items"});
    dropped.addEventListener("change", () => list.replaceChildren(this.items(dropped.checked)));
    list.append(this.items(false));
    byId("trace-result").replaceChildren(facts, this.times(), el("div", {class: "trace-parts"},
      el("div", {}, el("h3", {}, "List"), el("p", {}, dropped, " ", el("label", {for: "trace-all"}, "Show dropped items")), list),
      el("div", {}, el("h3", {}, "DIN's attention on the history"), this.attention())));
  }

  times() {
    const {trace} = this;
    const parts = [["Profile", trace.profile_us, "s0"],
      ...trace.stages.map((stage, i) => [stageLabels[stage.stage] || stage.stage, stage.us, "s" + (i + 1), stage.error]),
      ["Explanation", trace.attention_us, "s4"]];
    const list = el("ul", {class: "times"});
    for (const [label, us, style, error] of parts) {
      const part = el("li", {class: style + (error ? " bad" : "")}, el("span", {}, label), el("b", {}, latency(us)),
                      error ? el("span", {}, error) : null);
      part.style.flexGrow = Math.max(us, trace.total_us / 50);
      list.append(part);
    }
    return list;
  }

  /** The place and score of every item at each stage. */
  places() {
    const items = new Map();
    this.trace.stages.forEach((stage, s) => (stage.items || []).forEach((entry, i) => {
      const item = items.get(entry.item) || {name: entry.item, stages: []};
      item.stages[s] = {...entry, place: i + 1};
      items.set(entry.item, item);
    }));
    return items;
  }

  items(withDropped) {
    const items = this.places();
    const stages = this.trace.stages;
    const reasons = new Map(this.trace.because.map(reason => [reason.item, reason]));
    const listed = this.trace.recommendations.map(name => items.get(name) || {name, stages: []});
    const rest = withDropped ? [...items.values()].filter(item => !this.trace.recommendations.includes(item.name)) : [];
    // Sort by the last stage that an item reached, then by its place there.
    const end = item => item.stages.reduce((last, entry, s) => entry ? s : last, -1);
    rest.sort((a, b) => end(b) - end(a) || a.stages[end(a)].place - b.stages[end(b)].place);
    const body = el("tbody");
    [...listed, ...rest].forEach((item, i) => {
      const reason = reasons.get(item.name);
      const isListed = i < listed.length;
      body.append(el("tr", {class: isListed ? null : "dropped"},
        el("td", {}, isListed ? String(i + 1) : "–"), el("th", {scope: "row"}, item.name),
        ...stages.map((stage, s) => this.placeCell(item.stages[s])),
        el("td", {}, reason?.history_item ? reason.history_item + " (" + percent(reason.weight) + ")" :
           isListed ? "" : "dropped by " + stageLabels[stages[end(item)].stage])));
    });
    return el("table", {}, el("caption", {class: "unseen"}, "Items with their place and score at each stage"), el("thead", {}, el("tr", {}, el("th", {scope: "col"}, "#"), el("th", {scope: "col"}, "Item"),
      ...stages.map(stage => el("th", {scope: "col"}, stageLabels[stage.stage] || stage.stage)),
      el("th", {scope: "col"}, "Because of"))), body);
  }

  placeCell(entry) {
    if (!entry) return el("td", {}, "–");
    const value = entry.probability === undefined ? score(entry.score) : percent(entry.probability);
    return el("td", {class: entry.kept ? null : "left-out"}, el("b", {}, String(entry.place)), " ", el("span", {class: "soft"}, value));
  }

  attention() {
    const list = el("ol", {class: "attention"});
    const most = Math.max(...this.trace.attention.map(one => one.weight), 0.001);
    for (const one of [...this.trace.attention].reverse()) {
      const shown = bar();
      shown.show(one.weight / most);
      list.append(el("li", {}, el("span", {class: "item"}, one.item), shown, el("span", {}, percent(one.weight))));
    }
    return list.children.length ? list : el("p", {class: "soft"}, "No history.");
  }
}
