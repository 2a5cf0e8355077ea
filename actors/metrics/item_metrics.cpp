#include "actors/metrics/item_metrics.hpp"

#include "actors/metrics/metric_families.hpp"

namespace winnow {

item_metrics::item_metrics(prometheus::Registry& registry)
    : withheld_(gauges(registry, "winnow_items_withheld", "Items that no list may have, by the reason."),
                {"reason"}),
      updated_(gauge(registry, "winnow_items_updated", "Items about which clients said something.")),
      not_kept_(gauge(registry, "winnow_items_not_kept",
                      "1: what clients said about items would be lost at a restart.")),
      reads_(counters(registry, "winnow_items_file_reads_total",
                      "Times that the items file or the deny list was read again, by what became of it."),
             {"file", "outcome"}) {
  for (const auto* reason : {"hidden", "expired", "denied"})
    withheld_.expose({reason});
  for (const auto* file : {"items", "deny"})
    for (const auto* outcome : {"ok", "refused"})
      reads_.expose({file, outcome});
}

void item_metrics::holds(std::size_t hidden, std::size_t expired, std::size_t denied, std::size_t updated) {
  withheld_.at({"hidden"}).Set(static_cast<double>(hidden));
  withheld_.at({"expired"}).Set(static_cast<double>(expired));
  withheld_.at({"denied"}).Set(static_cast<double>(denied));
  updated_.Set(static_cast<double>(updated));
}

void item_metrics::read(std::string_view file, bool done, std::size_t times) {
  if (times > 0)
    reads_.at({file, done ? "ok" : "refused"}).Increment(static_cast<double>(times));
}

} // namespace winnow
