/** The replicas that share this daemon's changes. Hidden for a daemon that is alone. */
class Fleet {
  constructor() {
    this.section = byId("fleet");
    this.body = byId("fleet-replicas");
  }

  show(fleet) {
    this.section.hidden = !fleet;
    if (!fleet) return;
    const replicas = fleet.replicas || [];
    const versions = new Set(replicas.filter(one => one.live).map(one => one.models));
    setText(byId("fleet-summary"), fleet.name + ", " + replicas.filter(one => one.live).length + " live, " +
            number(fleet.waiting || 0) + " changes wait" +
            (fleet.lag_ms > 0 ? ", the oldest for " + duration(fleet.lag_ms) : ""));
    const mixed = byId("fleet-mixed");
    const rules = new Set(replicas.filter(one => one.live).map(one => one.rules));
    mixed.hidden = versions.size < 2 && rules.size < 2;
    setText(mixed, versions.size < 2 ? "Replicas apply " + rules.size + " different files of rules" :
            "Replicas run " + versions.size + " versions of models; in force: " + fleet.models);
    this.body.replaceChildren(...replicas.map(one => this.row(one, one.id === fleet.replica)));
  }

  row(one, own) {
    const cell = text => el("td", {}, text || "–");
    return el("tr", {"data-state": one.role},
      el("th", {scope: "row"}, one.id + (own ? " (this one)" : "")), cell(one.role), cell(one.rest), cell(one.admin),
      cell(one.version), cell(one.models), cell(one.rules), cell(one.learned), cell(number(one.in_hand)), cell(Math.round(one.share * 100) + "%"),
      cell(number(one.claimed)), cell(number(one.computed_twice)), cell(duration(one.last_seen_ms) + " ago"));
  }
}
