#include "tools/winnow-train/resuming.hpp"

#include "models/files/file_digest.hpp"
#include "models/training/training_state.hpp"
#include "tools/winnow-train/hyper_parameters.hpp"

#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

namespace winnow {

namespace {

using nlohmann::ordered_json;

/// Of the items' columns; null if there are none.
ordered_json digest_of(const std::optional<item_metadata>& metadata) {
  if (!metadata)
    return {};
  file_digest digest;
  for (const auto& name : metadata->columns)
    digest.add_bytes(name + "\n");
  const auto& values = metadata->values;
  digest.add_bytes({reinterpret_cast<const char*>(values.data()), values.size() * sizeof values.front()});
  return digest.hex();
}

/// What is known of DIN's run before the stages. What a continued training does is decided later.
ordered_json known_run_of_din(const stage_context& run) {
  auto known = run_of_din(run);
  if (!run.continued)
    return known;
  known.erase("continued");
  known.erase("parameters");
  return known;
}

/// The stages of this run that keep states, and what is known of their runs. RankNet keeps none.
std::vector<std::pair<std::string, ordered_json>> known_runs(const stage_context& run) {
  const auto stage = run.options.stage;
  std::vector<std::pair<std::string, ordered_json>> runs;
  if (stage == training_stage::all || stage == training_stage::lightgcn)
    runs.emplace_back("lightgcn", run.run_of(hyper_parameters_of(run.options.lightgcn, run.data.split)));
  if (stage == training_stage::all || stage == training_stage::din)
    runs.emplace_back("din", known_run_of_din(run));
  return runs;
}

} // namespace

result<void> check_states(stage_context& run) {
  // At the end of the run, the draft is published without it.
  if (const auto din = run.draft.state_of("din");
      run.options.stage == training_stage::lightgcn && std::filesystem::exists(din))
    return fail(fault::invalid_argument,
                din.string() + ": is of a run that also trains DIN; resume it without --stage lightgcn");
  bool any = false;
  for (const auto& [stage, known] : known_runs(run)) {
    const auto kept = has_training_state(run.draft.state_of(stage), known.dump());
    if (!kept)
      return tl::unexpected(kept.error());
    any = any || *kept;
  }
  if (!any)
    run.observer.note("--resume: nothing to resume; training from the start");
  return {};
}

ordered_json run_of_din(const stage_context& run) {
  auto made = run.run_of(hyper_parameters_of(run.options.din));
  made["items"] = digest_of(run.metadata);
  made["cascade"] = run.description.json().at("cascade");
  made["transition_candidates"] = run.options.transition_candidates;
  return made;
}

void drop_state_of_other_embeddings(stage_context& run, const ordered_json& with_embeddings) {
  const auto file = run.draft.state_of("din");
  auto without_embeddings = with_embeddings;
  without_embeddings.erase("embeddings");
  const auto of_run = has_training_state(file, without_embeddings.dump());
  const auto of_embeddings = has_training_state(file, with_embeddings.dump());
  if (!of_run || !*of_run || of_embeddings)
    return;
  run.observer.note(
      "DIN begins anew: LightGCN has trained its embeddings further since DIN's state was kept");
  std::error_code ignored;
  std::filesystem::remove(file, ignored);
}

} // namespace winnow
