#include "tools/winnow-train/training_stages.hpp"

#include "models/evaluation/evaluation.hpp"
#include "models/training/measured_lists.hpp"
#include "models/training/order_fit.hpp"
#include "tools/winnow-train/hyper_parameters.hpp"
#include "tools/winnow-train/stage_context.hpp"

#include <cstdio>
#include <functional>

namespace winnow {

namespace {

std::function<std::string(const embedding_rows&)> curve(stage_context& run) {
  if (run.options.curve == 0 || run.data.split.test.size() == 0)
    return {};
  return [&run](const embedding_rows& embeddings) {
    const auto& split = run.data.split;
    const auto at = measure_lists(embeddings, split.test, {&split.train, &split.valid}, 20, run.team);
    char text[80];
    std::snprintf(text, sizeof text, "test recall@20 %.4f, ndcg@20 %.4f", at.recall, at.ndcg);
    return std::string(text);
  };
}

result<void> write_popularity(stage_context& run) {
  if (!run.data.order)
    return run.draft.write_popularity(run.data.split, nullptr);
  const auto half_life = recent_half_life(*run.data.order);
  const auto recent = count_recent(*run.data.order, run.data.split.items.size(), half_life);
  run.description.set_recent_counts(half_life);
  return run.draft.write_popularity(run.data.split, &recent);
}

result<run_end> train_transitions(stage_context& run) {
  const auto trained = fit_transitions(run.data.split, run.options.transitions, run.team, run.observer);
  if (!trained)
    return run_end::interrupted;
  run.description.set_transitions(*trained, run.options.transition_candidates);
  if (auto written = run.draft.write_transitions(run.data.split, *trained); !written)
    return tl::unexpected(written.error());
  if (const auto kept = run.continued ? run.continued->transitions() : std::nullopt) {
    run.description.set_transition_weight("weight", kept->weight);
    return run_end::finished;
  }
  const auto models = run.load();
  if (!models)
    return tl::unexpected(models.error());
  run.description.set_transition_weight(
      "weight", fit_transition_weight(**models, run.aligned(run.data.split.train, **models),
                                      run.aligned(run.data.split.valid, **models), run.team));
  return run_end::finished;
}

/// Trains the embeddings and writes them. They are in memory only until then.
result<run_end> train_embeddings(stage_context& run) {
  auto chosen = run.options.lightgcn;
  chosen.limit = run.limit_of(training_stage::lightgcn);
  chosen.compares_l2 = run.data.compares_l2;
  auto parameters = hyper_parameters_of(chosen, run.data.split);
  auto keeper = run.keep("lightgcn", run.run_of(parameters));
  const auto trained = fit_lightgcn(run.data.split, chosen, run.team, run.observer, keeper, curve(run));
  if (!trained)
    return tl::unexpected(trained.error());
  if (!*trained)
    return run_end::interrupted;
  parameters["epochs"] = (*trained)->best_epoch;
  parameters["l2"] = (*trained)->l2;
  run.description.set_hyper_parameters("lightgcn", std::move(parameters));
  if (auto written = run.draft.write_lightgcn(run.data.split, **trained); !written)
    return tl::unexpected(written.error());
  return run_end::finished;
}

} // namespace

result<run_end> train_lightgcn(stage_context& run) {
  if (auto end = train_embeddings(run); !end || *end == run_end::interrupted)
    return end;
  if (auto written = write_popularity(run); !written)
    return tl::unexpected(written.error());
  return run.options.transition_candidates == 0 ? run_end::finished : train_transitions(run);
}

} // namespace winnow
