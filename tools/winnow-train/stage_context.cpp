#include "tools/winnow-train/stage_context.hpp"

#include "models/catalogue/float_table.hpp"
#include "models/model_files.hpp"

#include <chrono>
#include <utility>

namespace winnow {

namespace {

using nlohmann::ordered_json;

constexpr auto between_states = std::chrono::seconds(20);

/// The version that is served, which a new one continues.
std::filesystem::path earlier_stages(const train_options& options) {
  model_settings where;
  where.dir = options.out;
  const auto served = locate_models(where);
  return options.publish && served ? served->directory : std::filesystem::path();
}

} // namespace

stage_context::stage_context(const train_options& chosen, time_limit until, training_data read,
                             training_observer& told)
    : options(chosen), limit(until), data(std::move(read)), observer(told), team(options.threads),
      draft(options.out, earlier_stages(options)) {}

result<model_set_ptr> stage_context::load() {
  if (auto written = draft.write_description(description.json()); !written)
    return tl::unexpected(written.error());
  model_settings where;
  where.dir = draft.path().string();
  return load_model_set(where, missing_rankers::accepted);
}

result<std::vector<std::string>> stage_context::embedding_columns() const {
  auto reader = float_table_reader::open(draft.path() / "lightgcn/item_embeddings.csv");
  if (!reader)
    return tl::unexpected(reader.error());
  return reader->columns();
}

item_lists stage_context::aligned(const item_lists& lists, const model_set& models) {
  auto known = align(data.split, lists, models);
  if (const auto left_out = lists.size() - known.size(); left_out > 0)
    observer.note(std::to_string(left_out) +
                  " interactions are left out: LightGCN was trained without their user or item");
  return known;
}

time_limit stage_context::limit_of(training_stage stage) const {
  if (options.stage != training_stage::all || stage == training_stage::ranknet)
    return limit.share(0.9);
  return limit.share(stage == training_stage::lightgcn ? 0.4 : 0.6);
}

ordered_json stage_context::run_of(const ordered_json& parameters) const {
  return {{"data", data.digest},
          {"seed", options.seed},
          {"parameters", parameters},
          {"continued", continued ? continued->describe() : ordered_json()}};
}

state_keeper stage_context::keep(const std::string& stage, const ordered_json& run) const {
  return {draft.state_of(stage), run.dump(), options.resume, between_states};
}

} // namespace winnow
