#include "tools/winnow-train/training_run.hpp"

#include "models/catalogue/float_table.hpp"
#include "models/evaluation/evaluation.hpp"
#include "models/evaluation/evaluation_report.hpp"
#include "models/learning/mark_file.hpp"
#include "models/model_files.hpp"
#include "models/registry/version_directory.hpp"
#include "models/training/drift_reference.hpp"
#include "models/training/order_fit.hpp"
#include "models/training/table_writer.hpp"
#include "tools/winnow-train/continuation.hpp"
#include "tools/winnow-train/hyper_parameters.hpp"
#include "tools/winnow-train/model_directory.hpp"
#include "tools/winnow-train/run_description.hpp"
#include "tools/winnow-train/training_data.hpp"

#include <cstdio>

namespace winnow {

namespace {

using nlohmann::ordered_json;

constexpr auto between_states = std::chrono::seconds(20);

/// One run, stage after stage. Each stage reads the draft that the previous stages wrote, as serving would.
class training_run {
public:
  training_run(train_options options, time_limit limit, training_data data, training_observer& observer)
      : options_(std::move(options)), limit_(limit), data_(std::move(data)), observer_(observer),
        team_(options_.threads), draft_(options_.out, earlier_stages(options_)) {}

  result<run_end> run() {
    if (auto begun = begin(); !begun)
      return tl::unexpected(begun.error());
    for (const auto& [stage, train] : {std::pair{training_stage::lightgcn, &training_run::train_lightgcn},
                                       std::pair{training_stage::din, &training_run::train_din},
                                       std::pair{training_stage::ranknet, &training_run::train_ranknet}}) {
      if (options_.stage != training_stage::all && options_.stage != stage)
        continue;
      auto end = (this->*train)();
      if (!end || *end == run_end::interrupted)
        return end;
    }
    if (auto done = finish(); !done)
      return tl::unexpected(done.error());
    return run_end::finished;
  }

  /// The name of the published version; empty if there is none.
  const std::string& version() const { return version_; }
  /// Whether it is what the model directory now serves, as it had nothing before.
  bool is_first() const { return is_first_; }

private:
  result<void> begin() {
    for (const auto& note : data_.notes)
      observer_.note(note);
    const auto& split = data_.split;
    observer_.note(data_.source + ": " + std::to_string(split.users.size()) + " users, " +
                   std::to_string(split.items.size()) + " items; " + std::to_string(split.train.size()) +
                   " interactions to train on, " + std::to_string(split.valid.size()) + " for validation, " +
                   std::to_string(split.test.size()) + " for measuring");
    if (auto begun = draft_.begin(); !begun)
      return begun;
    if (options_.stage == training_stage::din || options_.stage == training_stage::all)
      if (auto read = read_metadata(); !read)
        return read;
    if (options_.stage == training_stage::din || options_.stage == training_stage::ranknet)
      if (auto taken = take_over_stages_before(); !taken)
        return taken;
    description_.set_run(options_, data_);
    return options_.continue_from.empty() ? result<void>() : read_earlier_models();
  }

  result<void> read_earlier_models() {
    auto read = continuation::read(options_.continue_from);
    if (read) {
      continued_ = std::move(*read);
      continued_->begin(options_, data_, observer_);
      return {};
    }
    if (read.error().cause != fault::not_found && read.error().cause != fault::unsupported)
      return tl::unexpected(read.error());
    observer_.note("--continue: all stages are trained from the start: " + read.error().message);
    return {};
  }

  /// Takes over the files and the description of the stages before the one to train.
  result<void> take_over_stages_before() {
    const bool after_din = options_.stage == training_stage::ranknet;
    std::vector<std::string> before = {"lightgcn/user_embeddings.csv", "lightgcn/item_embeddings.csv",
                                       "popularity.csv"};
    std::vector<std::string> perhaps = {"lightgcn/user_fold_in.csv", "lightgcn/item_fold_in.csv",
                                        "lightgcn/best_model.pth", "transitions.csv", counted_histories_file};
    if (after_din)
      perhaps.emplace_back("items.csv");
    if (after_din)
      before.insert(before.end(), {"item_features.csv", "din/best_model.pth", "model.json"});
    else
      perhaps.emplace_back("model.json");
    if (auto taken = draft_.take_over(before, perhaps); !taken)
      return taken;
    if (std::error_code ignored; !std::filesystem::exists(draft_.path() / "model.json", ignored))
      return {};
    auto old = draft_.read_description();
    if (!old)
      return tl::unexpected(old.error());
    description_.keep_stages_before(options_.stage, std::move(*old));
    return {};
  }

  result<run_end> train_lightgcn() {
    auto chosen = options_.lightgcn;
    chosen.limit = limit_of(training_stage::lightgcn);
    auto parameters = hyper_parameters_of(chosen, data_.split);
    auto keeper = keep("lightgcn", parameters);
    const auto trained = fit_lightgcn(data_.split, chosen, team_, observer_, keeper, curve());
    if (!trained)
      return tl::unexpected(trained.error());
    if (!*trained)
      return run_end::interrupted;
    parameters["epochs"] = (*trained)->best_epoch;
    parameters["l2"] = (*trained)->l2;
    description_.set_hyper_parameters("lightgcn", std::move(parameters));
    if (auto written = draft_.write_lightgcn(data_.split, **trained); !written)
      return tl::unexpected(written.error());
    if (auto written = write_popularity(); !written)
      return tl::unexpected(written.error());
    return options_.transition_candidates == 0 ? run_end::finished : train_transitions();
  }

  result<void> write_popularity() {
    if (!data_.order)
      return draft_.write_popularity(data_.split, nullptr);
    const auto half_life = recent_half_life(*data_.order);
    const auto recent = count_recent(*data_.order, data_.split.items.size(), half_life);
    description_.set_recent_counts(half_life);
    return draft_.write_popularity(data_.split, &recent);
  }

  result<run_end> train_transitions() {
    const auto trained = fit_transitions(data_.split, options_.transitions, team_, observer_);
    if (!trained)
      return run_end::interrupted;
    description_.set_transitions(*trained, options_.transition_candidates);
    if (auto written = draft_.write_transitions(data_.split, *trained); !written)
      return tl::unexpected(written.error());
    if (const auto kept = continued_ ? continued_->transitions() : std::nullopt) {
      description_.set_transition_weight("weight", kept->weight);
      return run_end::finished;
    }
    const auto models = load();
    if (!models)
      return tl::unexpected(models.error());
    description_.set_transition_weight("weight",
                                       fit_transition_weight(**models, aligned(data_.split.train, **models),
                                                             aligned(data_.split.valid, **models), team_));
    return run_end::finished;
  }

  result<run_end> train_din() {
    if (metadata_)
      description_.set_item_metadata(metadata_->describe());
    const auto columns = columns_of(data_.split, metadata_ ? &*metadata_ : nullptr);
    if (!data_.items.empty())
      if (auto written = write_item_table(data_.items, options_.reading, draft_.path() / "items.csv");
          !written)
        return tl::unexpected(written.error());
    if (auto written = draft_.write_features(data_.split.items, columns, {}, 0); !written)
      return tl::unexpected(written.error());
    auto inputs = embedding_columns();
    if (!inputs)
      return tl::unexpected(inputs.error());
    const auto of_lightgcn = inputs->size();
    inputs->insert(inputs->end(), columns.names.begin(), columns.names.end());
    description_.set_item_columns(*inputs);
    auto models = load();
    if (!models)
      return tl::unexpected(models.error());

    const auto trained = fit_din_from(**models, *inputs, of_lightgcn);
    if (!trained)
      return tl::unexpected(trained.error());
    if (!*trained)
      return run_end::interrupted;
    const auto& chosen = options_.din;
    description_.set_hyper_parameters("din", hyper_parameters_of(chosen));
    description_.append_din_columns(numbered("din_", chosen.shape.id_width));
    if (auto written = draft_.write_features((*models)->items.trained(), columns, (*trained)->id_vectors,
                                             chosen.shape.id_width);
        !written)
      return tl::unexpected(written.error());
    if (auto written = draft_.write_din(**trained, chosen.shape); !written)
      return tl::unexpected(written.error());
    return fit_din_order();
  }

  /// Trains DIN from the earlier weights, or from random ones if there are none that fit.
  result<std::optional<din_result>>
  fit_din_from(const model_set& models, const std::vector<std::string>& columns, std::size_t of_lightgcn) {
    const auto train = aligned(data_.split.train, models);
    if (continued_)
      if (auto begun = continued_->begin_din(options_, models, train, columns, observer_); !begun)
        return tl::unexpected(begun.error());
    for (;;) {
      auto chosen = options_.din;
      chosen.limit = limit_of(training_stage::din);
      auto keeper = keep("din", {hyper_parameters_of(chosen), models.version});
      auto trained = fit_din(models, train, of_lightgcn, chosen, team_, observer_, keeper);
      if (trained || !chosen.start || trained.error().cause != fault::unsupported)
        return trained;
      continued_->give_up_din(options_, trained.error(), observer_);
    }
  }

  /// Chooses how much the order of the candidates counts in DIN's.
  result<run_end> fit_din_order() {
    if (const auto kept = continued_ ? continued_->transitions() : std::nullopt; kept && options_.din.start) {
      description_.set_transition_weight("din_weight", kept->din_weight);
      return run_end::finished;
    }
    const auto models = load();
    if (!models)
      return tl::unexpected(models.error());
    if (!(*models)->transitions)
      return run_end::finished;
    const auto weight = fit_din_weight(**models, aligned(data_.split.train, **models),
                                       aligned(data_.split.valid, **models), team_);
    if (!weight)
      return tl::unexpected(weight.error());
    description_.set_transition_weight("din_weight", *weight);
    return run_end::finished;
  }

  result<run_end> train_ranknet() {
    auto models = load();
    if (!models)
      return tl::unexpected(models.error());
    const auto width = embedding_columns();
    if (!width)
      return tl::unexpected(width.error());
    const auto trained = fit_ranknet_from(**models, width->size());
    const auto& chosen = options_.ranknet;
    if (!trained)
      return tl::unexpected(trained.error());
    if (!*trained)
      return run_end::interrupted;
    if (!(*trained)->uses_columns)
      description_.drop_ranknet_item_columns();
    const auto columns = (*trained)->uses_columns ? (*models)->ranknet_features->width : 0;
    description_.set_hyper_parameters("ranknet", hyper_parameters_of(chosen, (*trained)->users));
    if (auto written = draft_.write_ranknet(**trained, chosen.shape, std::max<std::size_t>(1, columns),
                                            columns + (*models)->stage_features.size());
        !written)
      return tl::unexpected(written.error());
    return run_end::finished;
  }

  /// Trains RankNet from the earlier weights, or from random ones if there are none that fit.
  result<std::optional<ranknet_result>> fit_ranknet_from(const model_set& models, std::size_t of_lightgcn) {
    std::optional<event_order> order;
    if (data_.order)
      order = align(data_.split, *data_.order, models);
    const auto train = aligned(data_.split.train, models);
    const auto valid = aligned(data_.split.valid, models);
    auto of_some = valid;
    if (continued_)
      if (auto begun =
              continued_->begin_ranknet(options_, of_some, description_.ranknet_columns(), observer_);
          !begun)
        return tl::unexpected(begun.error());
    for (;;) {
      auto chosen = options_.ranknet;
      chosen.limit = limit_of(training_stage::ranknet);
      auto trained = fit_ranknet(models, train, chosen.start ? of_some : valid, order, of_lightgcn, chosen,
                                 team_, observer_);
      if (trained || !chosen.start || trained.error().cause != fault::unsupported)
        return trained;
      continued_->give_up_ranknet(options_, trained.error(), observer_);
    }
  }

  /// Measures the models, describes them, and moves them into place.
  result<void> finish() {
    auto models = load();
    if (!models)
      return tl::unexpected(models.error());
    if (data_.split.test.size() > 0) {
      evaluation_options how;
      how.threads = options_.threads;
      const auto measured = evaluate(**models, data_.split, how);
      if (!measured)
        return tl::unexpected(measured.error());
      const evaluation_subject subject{options_.out, (*models)->version, data_.source, data_.how};
      description_.set_metrics(ordered_json::parse(evaluation_json(*measured, subject))["rankings"]);
      observer_.note(evaluation_table(*measured, subject));
    }
    if ((*models)->din && (*models)->ranknet) {
      constexpr std::size_t most_users = 2'000;
      const auto drift = drift_reference(**models, whole_histories(data_.split, **models), most_users, team_);
      if (!drift)
        return tl::unexpected(drift.error());
      description_.set_drift(*drift);
    }
    if (continued_)
      description_.set_continued(continued_->describe());
    auto digests = draft_.digests();
    if (!digests)
      return tl::unexpected(digests.error());
    description_.set_files(std::move(*digests));
    if (auto written = draft_.write_description(description_.json()); !written)
      return written;
    if (!options_.publish)
      return draft_.publish();
    auto name = draft_.publish_version();
    if (!name)
      return tl::unexpected(name.error());
    version_ = std::move(*name);
    // The first one in an empty directory is served by the next start: nobody could promote it.
    const std::filesystem::path home = options_.out;
    is_first_ = serves_nothing(home);
    return is_first_ ? name_current(home, home / versions_directory / version_) : result<void>();
  }

  /// The version that is served, which a new one continues.
  static std::filesystem::path earlier_stages(const train_options& options) {
    model_settings where;
    where.dir = options.out;
    const auto served = locate_models(where);
    return options.publish && served ? served->directory : std::filesystem::path();
  }

  /// Loads the model set from the draft in its current state.
  result<model_set_ptr> load() {
    if (auto written = draft_.write_description(description_.json()); !written)
      return tl::unexpected(written.error());
    model_settings where;
    where.dir = draft_.path().string();
    return load_model_set(where, missing_rankers::accepted);
  }

  result<std::vector<std::string>> embedding_columns() const {
    auto reader = float_table_reader::open(draft_.path() / "lightgcn/item_embeddings.csv");
    if (!reader)
      return tl::unexpected(reader.error());
    return reader->columns();
  }

  /// Called before training, so that errors in the metadata are not reported hours later.
  result<void> read_metadata() {
    if (data_.items.empty())
      return {};
    row_report report;
    auto metadata = read_item_metadata(data_.items, data_.split.items, options_.reading, report);
    if (!metadata)
      return tl::unexpected(metadata.error());
    for (const auto& line : report.lines(data_.items))
      observer_.note(line);
    observer_.note(data_.items + ": " + std::to_string(metadata->known) + " of " +
                   std::to_string(data_.split.items.size()) + " items known; " + metadata->describe());
    metadata_ = std::move(*metadata);
    return {};
  }

  /// The lists by the model set's users and items; the number of interactions that are left out is reported.
  item_lists aligned(const item_lists& lists, const model_set& models) {
    auto known = align(data_.split, lists, models);
    if (const auto left_out = lists.size() - known.size(); left_out > 0)
      observer_.note(std::to_string(left_out) +
                     " interactions are left out: LightGCN was trained without their user or item");
    return known;
  }

  std::function<std::string(const embedding_rows&)> curve() {
    if (options_.curve == 0 || data_.split.test.size() == 0)
      return {};
    return [this](const embedding_rows& embeddings) {
      const auto& split = data_.split;
      const auto at = measure_lists(embeddings, split.test, {&split.train, &split.valid}, 20, team_);
      char text[80];
      std::snprintf(text, sizeof text, "test recall@20 %.4f, ndcg@20 %.4f", at.recall, at.ndcg);
      return std::string(text);
    };
  }

  /// The part of the time left that a stage may take. What follows it takes about as long as its rest.
  time_limit limit_of(training_stage stage) const {
    if (options_.stage != training_stage::all || stage == training_stage::ranknet)
      return limit_.share(0.9);
    return limit_.share(stage == training_stage::lightgcn ? 0.4 : 0.6);
  }

  state_keeper keep(const std::string& stage, const ordered_json& parameters) {
    // Everything that affects the result.
    const ordered_json run = {{"data", data_.digest},
                              {"seed", options_.seed},
                              {"parameters", parameters},
                              {"continued", continued_ ? continued_->describe() : ordered_json()}};
    return {draft_.state_of(stage), run.dump(), options_.resume, between_states};
  }

  train_options options_; ///< With what `continued_` sets.
  time_limit limit_;
  training_data data_;
  training_observer& observer_;
  thread_team team_;
  model_draft draft_;
  std::optional<item_metadata> metadata_;
  std::optional<continuation> continued_;
  run_description description_;
  std::string version_;
  bool is_first_ = false;
};

} // namespace

result<training_end> run_training(const train_options& options, training_observer& observer) {
  const auto limit =
      options.time_budget ? time_limit(time_limit::clock::now() + *options.time_budget) : time_limit();
  auto data = read_training_data(options);
  if (!data)
    return tl::unexpected(data.error());
  training_run run(options, limit, std::move(*data), observer);
  const auto end = run.run();
  if (!end)
    return tl::unexpected(end.error());
  return training_end{*end, run.version(), run.is_first()};
}

} // namespace winnow
