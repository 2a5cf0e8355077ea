#include "tools/winnow-train/training_stages.hpp"

#include "models/training/order_fit.hpp"
#include "models/training/table_writer.hpp"
#include "tools/winnow-train/hyper_parameters.hpp"
#include "tools/winnow-train/input_error.hpp"
#include "tools/winnow-train/resuming.hpp"
#include "tools/winnow-train/stage_context.hpp"

namespace winnow {

namespace {

/// Trains DIN from the earlier weights, or from random ones if there are none that fit.
result<std::optional<din_result>> fit_din_from(stage_context& run, const model_set& models,
                                               const std::vector<std::string>& columns,
                                               std::size_t of_lightgcn) {
  const auto train = run.aligned(run.data.split.train, models);
  if (run.continued)
    if (auto begun = from_input(run.continued->begin_din(run.options, models, train, columns, run.observer));
        !begun)
      return tl::unexpected(begun.error());
  for (;;) {
    auto chosen = run.options.din;
    chosen.limit = run.limit_of(training_stage::din);
    auto identity = run_of_din(run);
    identity["embeddings"] = models.version;
    if (run.options.resume)
      drop_state_of_other_embeddings(run, identity);
    auto keeper = run.keep("din", identity);
    auto trained = fit_din(models, train, of_lightgcn, chosen, run.team, run.observer, keeper);
    if (trained || !chosen.start || trained.error().cause != fault::unsupported)
      return trained;
    run.continued->give_up_din(run.options, trained.error(), run.observer);
  }
}

/// Chooses how much the order of the candidates counts in DIN's.
result<run_end> choose_din_order(stage_context& run) {
  if (const auto kept = run.continued ? run.continued->transitions() : std::nullopt;
      kept && run.options.din.start) {
    run.description.set_transition_weight("din_weight", kept->din_weight);
    run.description.set_transition_weight("din_score_weight", kept->din_score_weight);
    return run_end::finished;
  }
  const auto models = run.load();
  if (!models)
    return tl::unexpected(models.error());
  if (!(*models)->transitions)
    return run_end::finished;
  const auto weights = fit_din_order(**models, run.aligned(run.data.split.train, **models),
                                     run.aligned(run.data.split.valid, **models), run.team);
  if (!weights)
    return tl::unexpected(weights.error());
  run.description.set_transition_weight("din_weight", weights->rank);
  run.description.set_transition_weight("din_score_weight", weights->transition_score);
  return run_end::finished;
}

} // namespace

result<run_end> train_din(stage_context& run) {
  if (run.metadata)
    run.description.set_item_metadata(run.metadata->describe());
  const auto columns = columns_of(run.data.split, run.metadata ? &*run.metadata : nullptr);
  if (auto written = run.draft.write_features(run.data.split.items, columns, {}, 0); !written)
    return tl::unexpected(written.error());
  auto inputs = run.embedding_columns();
  if (!inputs)
    return tl::unexpected(inputs.error());
  const auto of_lightgcn = inputs->size();
  inputs->insert(inputs->end(), columns.names.begin(), columns.names.end());
  run.description.set_item_columns(*inputs);
  auto models = run.load();
  if (!models)
    return tl::unexpected(models.error());

  const auto trained = fit_din_from(run, **models, *inputs, of_lightgcn);
  if (!trained)
    return tl::unexpected(trained.error());
  if (!*trained)
    return run_end::interrupted;
  const auto& chosen = run.options.din;
  auto parameters = hyper_parameters_of(chosen);
  parameters["epochs"] = (*trained)->epochs;
  run.description.set_hyper_parameters("din", std::move(parameters));
  run.description.append_din_columns(numbered("din_", chosen.shape.id_width));
  if (auto written = run.draft.write_features((*models)->items.trained(), columns, (*trained)->id_vectors,
                                              chosen.shape.id_width);
      !written)
    return tl::unexpected(written.error());
  if (auto written = run.draft.write_din(**trained, chosen.shape); !written)
    return tl::unexpected(written.error());
  return choose_din_order(run);
}

} // namespace winnow
