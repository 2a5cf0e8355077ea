/** The versions of the models, the experiment and the latest report of the gate. */
class Models {
  constructor() { this.due = 0; }

  /** Asks the daemon again if the last time was a while ago. What fails is not shown: the log tells. */
  async refresh() {
    if (Date.now() < this.due || document.hidden) return;
    this.due = Date.now() + 5000;
    const get = target => ask("GET", target).catch(() => null);
    const [listed, taken, judged] = await Promise.all([get("models"), get("experiments"), get("models/report")]);
    byId("models").hidden = !listed;
    if (!listed) return;
    this.showVersions(listed);
    this.showShadow(listed.shadow);
    this.showExperiment(taken?.experiment);
    this.showDays(taken?.days ?? []);
    this.showReport(judged?.reports?.at(-1));
  }

  /** The hit rate of the last days on which something was taken, by version and placement. */
  showDays(all) {
    const shown = [...new Set(all.map(one => one.day))].sort().slice(-7);
    const days = all.filter(one => shown.includes(one.day));
    byId("taken").hidden = !days.length;
    byId("taken-chart").replaceChildren(intervalChart("Online hit rate by day", days,
      one => [one.day, one.version, one.placement ?? "stored lists"]));
  }

  showVersions(listed) {
    setText(byId("models-summary"), listed.in_force + " in force" +
            (listed.rolls_back_to ? ", rollback leads to " + listed.rolls_back_to : ""));
    byId("models-versions").replaceChildren(...listed.versions.map(one => this.row(one)));
  }

  row(one) {
    const cell = text => el("td", {}, text || "–");
    const measured = key => cell(one.metrics ? one.metrics[key].toFixed(4) : "");
    const states = [["in_force", "in force"], ["loaded", "loaded"], ["replaced", "replaced on disk"],
                    ["pinned", "pinned"], ["shadow", "shadow"]]
      .filter(([key]) => one[key]).map(([, text]) => text);
    if (one.gate) states.push("gate: " + one.gate);
    return el("tr", {}, el("th", {scope: "row"}, one.name), cell(one.published ? dateTime(one.published) : ""),
              cell(one.digest), measured("recall"), measured("ndcg"), measured("hit_rate"), measured("mrr"),
              cell(one.users_share > 0 ? percent(one.users_share) : ""), cell(states.join(", ")));
  }

  showShadow(shadow) {
    const shown = byId("models-shadow");
    shown.hidden = !shadow;
    if (!shadow) return;
    setText(shown, "Shadow " + shadow.version + " ranks " + percent(shadow.share) + " of the lists: " +
            number(shadow.compared) + " compared, " + number(shadow.dropped) + " dropped under load, " +
            number(shadow.failed) + " failed" + (shadow.compared
              ? "; overlap of the first 20 " + shadow.overlap.toFixed(2) + ", distance of the scores " +
                shadow.score_difference.toFixed(3) + ", " + latency(shadow.microseconds_per_list) + " a list beside " +
                latency(shadow.microseconds_in_force) : ""));
  }

  showExperiment(what) {
    const shown = byId("experiment");
    shown.hidden = !what?.name;
    if (shown.hidden) return;
    setText(byId("experiment-title"), "Experiment " + what.name +
            (what.stopped ? ", stopped " + dateTime(what.stopped) : what.runs ? ", since " + dateTime(what.changed)
              : ", does not run"));
    const warning = byId("experiment-warning");
    const problem = what.problem || (what.sample_ratio.is_off
      ? "The versions do not have the users that their shares say (p " + what.sample_ratio.probability.toFixed(4) +
        "): trust no figure below before you know why" : "");
    warning.hidden = !problem;
    setText(warning, problem);
    byId("experiment-chart").replaceChildren(rateChart(what.versions));
    byId("experiment-differences").replaceChildren(...what.differences.map(one => el("li", {},
      one.version + " less " + one.than + ": hit rate " + difference(one.hit_rate) + "; MRR " + difference(one.mrr))));
  }

  showReport(report) {
    byId("gate").hidden = !report;
    if (!report) return;
    setText(byId("gate-title"), "Gate: " + report.version + (report.passed ? " passed" : " was refused") + " beside " +
            report.against + ", " + dateTime(report.judged));
    byId("gate-objections").replaceChildren(...[...report.objections, ...(report.warning ? [report.warning] : [])]
      .map(text => el("li", {}, text)));
    const both = key => number(report.in_force[key]) + " → " + number(report.candidate[key]);
    showFacts(byId("gate-facts"), [
      ["Profiles", number(report.profiles)], ["Overlap", report.overlap.toFixed(3)], ["Shift", report.shift.toFixed(3)],
      ["Newest found", both("hits")], ["Different items", both("different_items")], ["Short lists", both("short_lists")],
      ["Popular alone", both("popular_lists")],
      ["A list", latency(report.in_force.microseconds_per_list) + " → " +
                 latency(report.candidate.microseconds_per_list)]]);
  }
}

const dateTimeFormat = new Intl.DateTimeFormat(undefined, {dateStyle: "medium", timeStyle: "short", hour12: false});
const dateTime = seconds => dateTimeFormat.format(new Date(seconds * 1000));

/** E.g. +0.0210 (+0.0120 to +0.0300), confidence 99.9% */
function difference(one) {
  const signed = value => (value < 0 ? "" : "+") + value.toFixed(4);
  return signed(one.value) + " (" + signed(one.low) + " to " + signed(one.high) + "), confidence " +
         (one.confidence >= 0.9995 ? "over 99.9%" : (one.confidence * 100).toFixed(1) + "%");
}

/** The online hit rate of each version. */
function rateChart(versions) {
  return intervalChart("Online hit rate by version", versions, one => [one.version, percent(one.share)]);
}

/** Hit rates: a point, and its interval of 95 %. The text beside it says the same. */
function intervalChart(title, rates, labels) {
  const width = 240, height = 16;
  const top = Math.max(0.01, ...rates.map(one => one.taken ? one.hit_rate.high : 0));
  const x = value => 4 + value / top * (width - 8);
  const versions = [...new Set(rates.map(one => one.version))];
  return el("table", {"aria-label": title}, el("tbody", {}, ...rates.map(one => {
    const style = "line s" + (versions.indexOf(one.version) % 4 + 1), rate = one.hit_rate;
    const plot = svg("svg", {width, height, class: "rate", "aria-hidden": "true"});
    if (one.taken)
      plot.append(svg("path", {class: style, d: "M" + x(rate.low) + " 8H" + x(rate.high)}),
                  svg("path", {class: style, d: "M" + x(rate.value) + " 2V14"}));
    const [head, ...others] = labels(one);
    return el("tr", {}, el("th", {scope: "row"}, head), ...others.map(text => el("td", {}, text)), el("td", {}, plot),
              el("td", {}, one.taken ? rate.value.toFixed(4) + " (" + rate.low.toFixed(4) + " to " +
                                       rate.high.toFixed(4) + ")" : "–"),
              el("td", {}, counted(one.users, "user", "users") + ", " + number(one.taken) + " taken"));
  })));
}
