#include "tools/winnow-bench/synthetic_purchases.hpp"

#include "tools/winnow-bench/synthetic_catalogue.hpp"
#include "tools/winnow-bench/topic_choice.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>

namespace winnow::bench {

namespace {

constexpr double shortest_history = 5;
constexpr std::uint64_t first_day = 1'700'000'000, between_purchases = 86'400;

std::size_t history_length(double mean, random_source& random) {
  const double beyond = std::max(0.0, mean - shortest_history);
  return static_cast<std::size_t>(shortest_history - beyond * std::log(1 - random.uniform()));
}

} // namespace

result<void> write_purchases(const std::filesystem::path& file, std::size_t purchases, std::size_t users,
                             std::size_t items, std::uint64_t seed) {
  random_source random(seed);
  const auto catalogue = invent_catalogue(items, 1, random);
  const topic_choice choice(catalogue);
  const double mean = static_cast<double>(purchases) / static_cast<double>(users);
  std::ofstream out(file, std::ios::binary);
  out << "user_id,item_id,timestamp\n";
  for (std::size_t user = 0; user < users && out; ++user) {
    const auto length = std::min(history_length(mean, random), items / 2);
    auto time = first_day + random.below(365 * between_purchases);
    for (const auto item : choice.draw_history(choice.draw_favourites(random), length, random)) {
      time += random.below(between_purchases);
      out << 'u' << user << ',' << catalogue.ids[item] << ',' << time << '\n';
    }
  }
  out.close();
  if (!out)
    return fail(fault::io_error, file.string() + ": cannot be written");
  return {};
}

} // namespace winnow::bench
