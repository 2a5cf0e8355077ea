#include "tools/winnowd/index_builder.hpp"

#include "config/log/log.hpp"
#include "config/system/thread_priority.hpp"
#include "models/catalogue/table_cache.hpp"
#include "models/recall/recall_index.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <filesystem>
#include <iterator>

namespace winnow {

namespace {

void warn(const model_set& models, const std::string& reason) {
  log_event(log_level::warning, "models", "no approximate index, candidates are looked for exactly",
            {{"items", models.items.size()}, {"reason", reason}});
}

void prepare(const model_set& models, std::size_t candidates, const std::filesystem::path& directory,
             const std::atomic<bool>& stop) {
  const auto begin = std::chrono::steady_clock::now();
  const auto index =
      prepare_index(models.item_embeddings, *models.user_embeddings, candidates, directory, stop);
  if (stop)
    return;
  if (!index)
    return warn(models, index.error().message);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  const auto& effort = (*index)->effort;
  models.index->publish(*index);
  log_event(log_level::info, "models", "approximate index ready",
            {{"items", models.items.size()},
             {"from", (*index)->kept ? "cache" : "embeddings"},
             {"seconds", took.count()},
             {"recall", effort.recall},
             {"effort", effort.deviations},
             {"rows_share", effort.rows_share}});
}

} // namespace

void index_builder::start(const settings& options, const std::vector<model_set_ptr>& models) {
  stop();
  const auto from = options.models.approximate_from;
  std::vector<model_set_ptr> without;
  std::copy_if(models.begin(), models.end(), std::back_inserter(without), [&](const model_set_ptr& one) {
    return from > 0 && one->items.size() >= from && !one->index->current();
  });
  if (without.empty())
    return;
  std::filesystem::path directory;
  if (options.models.cache)
    directory = std::filesystem::path(options.models.dir) / model_cache_directory;
  thread_ = std::thread([this, without = std::move(without), cascade = options.cascade, directory] {
    constexpr int nicest = 19;
    lower_thread_priority(nicest, "building an index");
    for (const auto& one : without) {
      if (stop_)
        return;
      try {
        prepare(*one, widths_for(cascade, one->widths).candidates, directory, stop_);
      } catch (const std::exception& failure) { // most likely out of memory
        warn(*one, failure.what());
      }
    }
  });
}

void index_builder::stop() {
  stop_ = true;
  if (thread_.joinable())
    thread_.join();
  stop_ = false;
}

} // namespace winnow
