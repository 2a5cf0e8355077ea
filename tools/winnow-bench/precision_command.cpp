#include "models/cascade.hpp"
#include "models/training/interactions/interaction_reader.hpp"
#include "tools/winnow-bench/command.hpp"
#include "tools/winnow-bench/progress.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

namespace winnow::bench {

namespace {

struct precision_options {
  std::filesystem::path models, split;
};

result<model_set_ptr> load(const std::filesystem::path& directory, table_precision precision) {
  model_settings settings;
  settings.dir = directory.string();
  settings.cache = false; // the precision is the same without a cache
  settings.precision = precision;
  return load_model_set(settings);
}

struct user_lists {
  ranked_list candidates, final_list;
};

result<user_lists> lists_of(const model_set& models, const user_context& user, cascade_scratch& work) {
  const auto* const one = &user;
  user_lists made;
  made.candidates = generate_candidates(models, {&one, 1}, models.widths.candidates, work).front();
  const ranking_task for_din{&user, &made.candidates};
  auto kept = std::move(rank_by_din(models, {&for_din, 1}, models.widths.din_keep, work).front());
  if (!kept)
    return tl::unexpected(kept.error());
  const ranking_task for_ranknet{&user, &*kept};
  auto ranked =
      std::move(rank_by_ranknet(models, {&for_ranknet, 1}, models.widths.ranknet_keep, work).front());
  if (!ranked)
    return tl::unexpected(ranked.error());
  made.final_list = std::move(*ranked);
  return made;
}

std::vector<std::uint32_t> items_of(const ranked_list& list) {
  std::vector<std::uint32_t> items;
  for (const auto& entry : list.items)
    items.push_back(entry.item);
  return items;
}

double length_of(gsl::span<const float> vector) {
  double squares = 0;
  for (const float value : vector)
    squares += static_cast<double>(value) * static_cast<double>(value);
  return std::sqrt(squares);
}

/// How lists in half precision differ from those in single precision.
struct list_differences {
  std::size_t users = 0, sets = 0, orders = 0, finals = 0;
  double greatest = 0, greatest_relative = 0; ///< Differences of a candidate's score.

  void add(const model_set& models, double user_length, const user_lists& single, const user_lists& half) {
    ++users;
    auto before = items_of(single.candidates), after = items_of(half.candidates);
    orders += before != after;
    finals += items_of(single.final_list) != items_of(half.final_list);
    for (const auto& entry : single.candidates.items)
      for (const auto& other : half.candidates.items)
        if (other.item == entry.item) {
          const double difference =
              std::abs(static_cast<double>(entry.score) - static_cast<double>(other.score));
          const double lengths = user_length * length_of(models.item_embeddings.row(entry.item));
          greatest = std::max(greatest, difference);
          greatest_relative = std::max(greatest_relative, lengths > 0 ? difference / lengths : 0);
        }
    std::sort(before.begin(), before.end());
    std::sort(after.begin(), after.end());
    sets += before != after;
  }
};

result<void> run_precision(const precision_options& asked, bench_report& report) {
  const auto single = load(asked.models, table_precision::single);
  const auto half = load(asked.models, table_precision::half);
  for (const auto* models : {&single, &half})
    if (!*models)
      return tl::unexpected(models->error());
  row_report rows;
  const auto split = read_split(asked.split, {}, rows);
  if (!split)
    return tl::unexpected(split.error());
  print_progress("comparing the lists of " + std::to_string(split->users.size()) + " users");
  list_differences seen;
  cascade_scratch work;
  std::vector<float> vector((*single)->item_embeddings.width());
  for (std::uint32_t user = 0; user < split->users.size(); ++user) {
    std::vector<std::string> profile;
    for (const auto item : split->train.of(user))
      profile.emplace_back(split->items[item]);
    const auto context = resolve_user(**single, split->users[user], profile);
    const auto before = lists_of(**single, context, work), after = lists_of(**half, context, work);
    for (const auto* lists : {&before, &after})
      if (!*lists)
        return tl::unexpected(lists->error());
    user_vector(**single, context, vector);
    seen.add(**single, length_of(vector), *before, *after);
  }
  auto& section = report.section("precision", "Lists with the users' tables in half precision");
  section.rows.emplace_back()
      .number("users", static_cast<double>(seen.users))
      .number("other candidates", static_cast<double>(seen.sets))
      .number("in another order", static_cast<double>(seen.orders))
      .number("other lists", static_cast<double>(seen.finals))
      .number("greatest difference", seen.greatest)
      .number("over lengths", seen.greatest_relative);
  section.note =
      "Other candidates: users whose candidates are not the same items; in another order: or not in "
      "the same order; other lists: whose final lists differ. The greatest difference is that of a "
      "candidate's score, also divided by the lengths of both vectors.";
  return {};
}

} // namespace

bench_action declare_precision(CLI::App& app) {
  const auto asked = std::make_shared<precision_options>();
  app.add_option("--models", asked->models, "A model directory")
      ->type_name("DIR")
      ->check(CLI::ExistingDirectory)
      ->required();
  app.add_option("--split", asked->split, "The split on which it was trained: the users' histories")
      ->type_name("DIR")
      ->check(CLI::ExistingDirectory)
      ->required();
  return [asked](const bench_options&, bench_report& report) { return run_precision(*asked, report); };
}

} // namespace winnow::bench
