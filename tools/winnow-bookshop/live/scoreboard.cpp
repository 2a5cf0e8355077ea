#include "tools/winnow-bookshop/live/scoreboard.hpp"

#include <array>
#include <cstdio>

namespace winnow {

namespace {

template<class... Values>
std::string printed(const char* format, Values... values) {
  std::array<char, 256> text{};
  std::snprintf(text.data(), text.size(), format, values...);
  return text.data();
}

double seconds(std::chrono::milliseconds duration) {
  return std::chrono::duration<double>(duration).count();
}

double share(std::uint64_t part, const scoreboard& counts) {
  const auto all = counts.purchases - counts.without_list;
  return all == 0 ? 0 : static_cast<double>(part) / static_cast<double>(all);
}

auto number(std::uint64_t count) {
  return static_cast<unsigned long long>(count);
}

} // namespace

void scoreboard::add(const visit_outcome& visit) {
  ++purchases;
  without_list += visit.saw_list ? 0 : 1;
  wanted_on_list += visit.wanted_on_list ? 1 : 0;
  tempted_by_list += visit.tempted_by_list ? 1 : 0;
  wanted_on_best += visit.wanted_on_best ? 1 : 0;
  tempted_by_best += visit.tempted_by_best ? 1 : 0;
  lists_behind += visit.list_was_behind ? 1 : 0;
}

double scoreboard::hit_rate() const {
  return share(wanted_on_list + tempted_by_list, *this);
}
double scoreboard::best_hit_rate() const {
  return share(wanted_on_best + tempted_by_best, *this);
}
double scoreboard::wanted_rate() const {
  return share(wanted_on_list, *this);
}
double scoreboard::best_wanted_rate() const {
  return share(wanted_on_best, *this);
}

std::string progress_line(const scoreboard& counts, std::chrono::milliseconds since_start) {
  auto line =
      printed("%7.1f s %7llu purchases, from the list %5.1f %% (best sellers %.1f %%), wanted beforehand "
              "%5.1f %% (%.1f %%)",
              seconds(since_start), number(counts.purchases), 100 * counts.hit_rate(),
              100 * counts.best_hit_rate(), 100 * counts.wanted_rate(), 100 * counts.best_wanted_rate());
  if (counts.page_purchases > 0)
    line += printed(", on the page %llu", number(counts.page_purchases));
  if (counts.failures > 0)
    line += printed(", failures %llu", number(counts.failures));
  return line;
}

std::string summary(const scoreboard& counts, std::chrono::milliseconds duration) {
  const auto length = seconds(duration);
  std::string text =
      printed("In %.1f s, invented readers bought %llu books, %.1f per second.\n", length,
              number(counts.purchases), length > 0 ? static_cast<double>(counts.purchases) / length : 0.0);
  if (counts.purchases > counts.without_list) {
    text += printed("Bought from the list that the reader saw:  %5.1f %%; from the best sellers, it would "
                    "have been %.1f %%.\n",
                    100 * counts.hit_rate(), 100 * counts.best_hit_rate());
    text += printed("On it, and wanted before the reader saw it: %4.1f %%; on the best sellers %.1f %%.\n",
                    100 * counts.wanted_rate(), 100 * counts.best_wanted_rate());
  }
  text += printed("Visits without a list: %llu. Lists older than the reader's last purchase: %llu.\n",
                  number(counts.without_list), number(counts.lists_behind));
  if (counts.page_purchases > 0)
    text += printed("Visitors of the page bought %llu books, %llu of them from the list.\n",
                    number(counts.page_purchases), number(counts.page_from_list));
  return text + printed("Failed requests: %llu.\n", number(counts.failures));
}

} // namespace winnow
