#include "tools/winnow-train/training_stages.hpp"

#include "tools/winnow-train/hyper_parameters.hpp"
#include "tools/winnow-train/stage_context.hpp"

#include <algorithm>

namespace winnow {

namespace {

/// Trains RankNet from the earlier weights, or from random ones if there are none that fit.
result<std::optional<ranknet_result>> fit_ranknet_from(stage_context& run, const model_set& models,
                                                       std::size_t of_lightgcn) {
  std::optional<event_order> order;
  if (run.data.order)
    order = align(run.data.split, *run.data.order, models);
  const auto train = run.aligned(run.data.split.train, models);
  const auto valid = run.aligned(run.data.split.valid, models);
  auto of_some = valid;
  if (run.continued)
    run.continued->begin_ranknet(run.options, of_some, run.description.ranknet_columns(), run.observer);
  for (;;) {
    auto chosen = run.options.ranknet;
    chosen.limit = run.limit_of(training_stage::ranknet);
    auto trained = fit_ranknet(models, train, chosen.start ? of_some : valid, order, of_lightgcn, chosen,
                               run.team, run.observer);
    if (trained || !chosen.start || trained.error().cause != fault::unsupported)
      return trained;
    run.continued->give_up_ranknet(run.options, trained.error(), run.observer);
  }
}

} // namespace

result<run_end> train_ranknet(stage_context& run) {
  auto models = run.load();
  if (!models)
    return tl::unexpected(models.error());
  const auto width = run.embedding_columns();
  if (!width)
    return tl::unexpected(width.error());
  const auto trained = fit_ranknet_from(run, **models, width->size());
  const auto& chosen = run.options.ranknet;
  if (!trained)
    return tl::unexpected(trained.error());
  if (!*trained)
    return run_end::interrupted;
  if (!(*trained)->uses_columns)
    run.description.drop_ranknet_item_columns();
  const auto columns = (*trained)->uses_columns ? (*models)->ranknet_features->width : 0;
  auto parameters = hyper_parameters_of(chosen, (*trained)->users);
  parameters["epochs"] = (*trained)->epochs;
  run.description.set_hyper_parameters("ranknet", std::move(parameters));
  if (auto written = run.draft.write_ranknet(**trained, chosen.shape, std::max<std::size_t>(1, columns),
                                             columns + (*models)->stage_features.size());
      !written)
    return tl::unexpected(written.error());
  return run_end::finished;
}

} // namespace winnow
