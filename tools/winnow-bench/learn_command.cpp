#include "models/learning/live_learner.hpp"
#include "tools/winnow-bench/command.hpp"
#include "tools/winnow-bench/progress.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <malloc.h>
#include <random>
#include <unistd.h>

namespace winnow::bench {

namespace {

using clock = std::chrono::steady_clock;

struct learn_options {
  std::size_t users = 1'000'000;
  std::size_t items = 1'000'000;
  std::size_t changes = 5'000'000;
};

double resident_megabytes() {
  malloc_trim(0);
  std::ifstream file("/proc/self/statm");
  std::size_t whole = 0, resident = 0;
  file >> whole >> resident;
  return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1U << 20U);
}

/// Models with narrow tables, because the learner's memory is to be measured and not theirs. No item has
/// successors yet.
model_set_ptr narrow_models(std::size_t items) {
  constexpr std::size_t width = 8;
  auto models = std::make_shared<model_set>();
  id_table ids;
  ids.reserve(items);
  for (std::size_t item = 0; item < items; ++item)
    ids.insert("item-" + std::to_string(item));
  models->items = catalogue(std::move(ids));
  models->version = "bench";
  models->item_embeddings = embedding_table(
      std::make_shared<const feature_table>(feature_table{width, std::vector<float>(items * width, 1.0f)}));
  models->din_features = models->ranknet_features = models->item_embeddings.table();
  models->features = std::make_shared<const feature_plan>();
  models->item_counts = std::make_shared<const std::vector<std::uint64_t>>(items, 10);
  transition_counts none;
  none.ends.assign(items + 1, 0);
  models->transitions =
      std::make_shared<const transition_table>(std::move(none), *models->item_counts, transition_scoring());
  return models;
}

/// Invents histories that grow: item by item, popular items more often.
class growing_histories {
public:
  explicit growing_histories(const learn_options& asked) : asked_(asked) {}

  /// The user whose profile changes next, and the profile with its new item.
  std::pair<std::string, std::vector<std::string>> next() {
    const auto user = at_++ % asked_.users;
    const auto length = 10 + at_ / asked_.users; // a history of ten items, and one more in each round
    std::mt19937_64 own(user + 1);
    std::vector<std::string> history;
    for (std::size_t place = 0; place < length; ++place)
      history.push_back("item-" + std::to_string(draw(own)));
    return {"user-" + std::to_string(user), std::move(history)};
  }

private:
  /// The square of a uniform number: the first tenth of the items is taken in a third of the cases.
  std::size_t draw(std::mt19937_64& random) const {
    const double uniform = std::uniform_real_distribution<double>()(random);
    return static_cast<std::size_t>(uniform * uniform * static_cast<double>(asked_.items));
  }

  const learn_options& asked_;
  std::size_t at_ = 0;
};

result<void> run_learn(const learn_options& asked, bench_report& report) {
  const auto models = narrow_models(asked.items);
  learning_options how;
  user_marks nobody(how.most_users);
  growing_histories histories(asked);
  const double before = resident_megabytes();
  live_learner learner(models, how, nobody);
  model_set_ptr published;
  clock::duration learning{}, publishing{}, longest{};
  constexpr std::size_t burst = 10'000;
  double most = before;
  auto next_publish = clock::duration(std::chrono::seconds(1)); // in time spent learning or publishing
  for (std::size_t done = 0; done < asked.changes; done += burst) {
    std::vector<std::pair<std::string, std::vector<std::string>>> changed;
    const auto count = std::min(burst, asked.changes - done);
    for (std::size_t i = 0; i < count; ++i)
      changed.push_back(histories.next());
    const auto begin = clock::now();
    for (const auto& [user, history] : changed)
      learner.learn(user, history, static_cast<double>(done));
    learning += clock::now() - begin;
    const bool is_last = done + count == asked.changes;
    if (learning + publishing < next_publish && !is_last) // without a publication there would be no figures
      continue;
    const auto began_publishing = clock::now();
    published = learner.publish();
    const auto took = clock::now() - began_publishing;
    publishing += took;
    longest = std::max(longest, took);
    next_publish = learning + publishing +
                   std::max<clock::duration>(std::chrono::seconds(1), rest_after_publication(took));
    changed.clear();
    most = std::max(most, resident_megabytes());
    print_progress(std::to_string(done + count) + " changes, " + std::to_string(learner.transitions()) +
                   " transitions");
  }
  const auto seconds = [](clock::duration time) { return std::chrono::duration<double>(time).count(); };
  auto& section =
      report.section("learn", "Learning from " + std::to_string(asked.changes) + " changed profiles of " +
                                  std::to_string(asked.users) + " users, " + std::to_string(asked.items) +
                                  " items, one thread");
  const auto add = [&](const char* what, double value, const char* unit) {
    section.rows.emplace_back().text("what", what).text("value", number_text(value) + unit);
  };
  add("changes per second, with publishing",
      static_cast<double>(asked.changes) / seconds(learning + publishing), "");
  add("changes per second, without", static_cast<double>(asked.changes) / seconds(learning), "");
  add("longest publication", seconds(longest) * 1000, " ms");
  add("memory of the learner at most", most - before, " MB");
  add("learned transitions", static_cast<double>(learner.transitions()), "");
  return {};
}

} // namespace

bench_action declare_learn(CLI::App& app) {
  const auto asked = std::make_shared<learn_options>();
  app.add_option("--users", asked->users, "Number of users")
      ->check(CLI::Range(1, 100'000'000))
      ->capture_default_str();
  app.add_option("--items", asked->items, "Number of items in the catalogue")
      ->check(CLI::Range(200, 100'000'000))
      ->capture_default_str();
  app.add_option("--changes", asked->changes, "Number of changed profiles, each with a new item")
      ->check(CLI::Range(10'000, 1'000'000'000))
      ->capture_default_str();
  return [asked](const bench_options&, bench_report& report) { return run_learn(*asked, report); };
}

} // namespace winnow::bench
