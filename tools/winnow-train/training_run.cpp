#include "tools/winnow-train/training_run.hpp"

#include "models/attributes/catalogue_attributes.hpp"
#include "models/evaluation/evaluation.hpp"
#include "models/evaluation/evaluation_report.hpp"
#include "models/learning/mark_file.hpp"
#include "models/model_description.hpp"
#include "models/registry/version_directory.hpp"
#include "models/training/drift_reference.hpp"
#include "models/training/interactions/item_table_writer.hpp"
#include "tools/winnow-train/earlier_trainings.hpp"
#include "tools/winnow-train/input_error.hpp"
#include "tools/winnow-train/item_column_names.hpp"
#include "tools/winnow-train/resuming.hpp"
#include "tools/winnow-train/stage_context.hpp"
#include "tools/winnow-train/training_lock.hpp"
#include "tools/winnow-train/training_stages.hpp"

#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

namespace winnow {

namespace {

using nlohmann::ordered_json;

/// One run: what is before the stages, the stages, and what follows them.
class training_run {
public:
  training_run(const train_options& options, time_limit limit, training_data data,
               training_observer& observer)
      : context_(options, limit, std::move(data), observer) {}

  result<run_end> run() {
    if (auto begun = begin(); !begun)
      return tl::unexpected(begun.error());
    for (const auto& [stage, train] :
         {std::pair{training_stage::lightgcn, &train_lightgcn}, std::pair{training_stage::din, &train_din},
          std::pair{training_stage::ranknet, &train_ranknet}}) {
      if (context_.options.stage != training_stage::all && context_.options.stage != stage)
        continue;
      auto end = train(context_);
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
  /// Whatever can fail without training fails here, and the draft of a stopped training stays if it does so
  /// before the draft is needed.
  result<void> begin() {
    note_data();
    if (!context_.options.continue_from.empty())
      if (auto read = read_earlier_models(); !read)
        return read;
    if (auto free = context_.draft.check_places(context_.options.publish); !free)
      return free;
    const auto dropped = context_.draft.begin(context_.options.resume);
    if (!dropped)
      return tl::unexpected(dropped.error());
    if (*dropped)
      context_.observer.note(
          "an earlier training was stopped; this one begins anew, as --resume is not given");
    const auto stage = context_.options.stage;
    if (stage == training_stage::din || stage == training_stage::ranknet)
      if (auto taken = take_over_stages_before(); !taken)
        return taken;
    if (stage == training_stage::din || stage == training_stage::all)
      if (auto read = read_metadata(); !read)
        return read;
    if (context_.continued)
      context_.continued->begin(context_.options, context_.data, context_.observer);
    context_.description.set_run(context_.options, context_.data, trainings_before());
    return context_.options.resume ? check_states(context_) : result<void>();
  }

  void note_data() {
    for (const auto& note : context_.data.notes)
      context_.observer.note(note);
    const auto& split = context_.data.split;
    context_.observer.note(context_.data.source + ": " + std::to_string(split.users.size()) + " users, " +
                           std::to_string(split.items.size()) + " items; " +
                           std::to_string(split.train.size()) + " interactions to train on, " +
                           std::to_string(split.valid.size()) + " for validation, " +
                           std::to_string(split.test.size()) + " for measuring");
  }

  /// Models from which LightGCN cannot start are left alone: everything is trained from the start then.
  result<void> read_earlier_models() {
    auto read = from_input(continuation::read(context_.options.continue_from));
    if (read) {
      context_.continued = std::move(*read);
      return {};
    }
    if (read.error().cause != fault::not_found && read.error().cause != fault::unsupported)
      return tl::unexpected(read.error());
    if (serves_nothing(context_.options.continue_from) && !is_out(context_.options.continue_from))
      return fail(fault::not_found, "--continue " + context_.options.continue_from +
                                        ": expected the models of an earlier training, found none (" +
                                        read.error().message +
                                        "); only the directory of --out may have none yet");
    context_.observer.note("--continue: all stages are trained from the start: " + read.error().message);
    return {};
  }

  /// Whether a path is the directory of `--out`, whatever it is called.
  bool is_out(const std::filesystem::path& path) const {
    std::error_code ignored;
    return std::filesystem::equivalent(path, context_.options.out, ignored);
  }

  /// Takes over the files and the description of the stages before the one to train.
  result<void> take_over_stages_before() {
    const bool after_din = context_.options.stage == training_stage::ranknet;
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
    if (auto taken = context_.draft.take_over(before, perhaps); !taken)
      return taken;
    if (std::error_code ignored; !std::filesystem::exists(context_.draft.path() / "model.json", ignored))
      return {};
    auto old = context_.draft.read_description();
    if (!old)
      return tl::unexpected(old.error());
    const auto earlier = read_model_description(context_.draft.path() / "model.json");
    if (!earlier)
      return tl::unexpected(earlier.error());
    use_widths(context_.options, widths_for(earlier->cascade, usual_widths));
    stages_before_ = *earlier;
    context_.description.keep_stages_before(context_.options.stage, std::move(*old));
    return {};
  }

  /// The trainings that this one builds on and that saw items by which it measures. Warns of them.
  std::vector<training_record> trainings_before() const {
    const auto& options = context_.options;
    const auto* continued = context_.continued ? context_.continued->taken_over() : nullptr;
    if (continued != nullptr)
      return trainings_that_saw(*continued, options, context_.data, "--continue " + options.continue_from,
                                context_.observer);
    if (stages_before_)
      return trainings_that_saw(*stages_before_, options, context_.data,
                                "the earlier stages in " + options.out, context_.observer);
    return {};
  }

  /// Measures the models, describes them, and moves them into place.
  result<void> finish() {
    if (auto described = describe(); !described)
      return described;
    if (!context_.options.publish)
      return context_.draft.publish();
    auto name = context_.draft.publish_version();
    if (!name)
      return tl::unexpected(name.error());
    version_ = std::move(*name);
    // The first one in an empty directory is served by the next start: nobody could promote it.
    const std::filesystem::path home = context_.options.out;
    is_first_ = serves_nothing(home);
    return is_first_ ? name_current(home, home / versions_directory / version_) : result<void>();
  }

  /// Completes the description, of which the version of the models is made, and then reports the measures.
  result<void> describe() {
    auto models = context_.load();
    if (!models)
      return tl::unexpected(models.error());
    auto measured = measure(**models);
    if (!measured)
      return tl::unexpected(measured.error());
    if (auto set = describe_drift(**models); !set)
      return set;
    if (context_.continued)
      context_.description.set_continued(context_.continued->describe());
    auto digests = context_.draft.digests();
    if (!digests)
      return tl::unexpected(digests.error());
    context_.description.set_files(std::move(*digests));
    if (auto written = context_.draft.write_description(context_.description.json()); !written)
      return written;
    return *measured ? report(**measured) : result<void>();
  }

  /// Measures the models by the test items, and describes that. @return nullopt if there are none.
  result<std::optional<evaluation>> measure(const model_set& models) {
    if (context_.data.split.test.size() == 0)
      return std::nullopt;
    evaluation_options how;
    how.threads = context_.options.threads;
    // The baselines go through everybody who took what a user took, which is many among many interactions.
    const bool many = context_.data.split.train.size() >= lightgcn_options::many_interactions;
    how.most_users = many ? 10'000 : 50'000;
    auto measured = evaluate(models, context_.data.split, how);
    if (!measured)
      return tl::unexpected(measured.error());
    context_.description.set_metrics(ordered_json::parse(evaluation_json(*measured, {}))["rankings"]);
    return std::optional(std::move(*measured));
  }

  /// The table of measures, for the models of the complete draft.
  result<void> report(const evaluation& measured) {
    auto version = context_.draft.version();
    if (!version)
      return tl::unexpected(version.error());
    const evaluation_subject subject{context_.options.out, std::move(*version), context_.data.source,
                                     context_.data.how};
    context_.observer.note(evaluation_table(measured, subject));
    return {};
  }

  result<void> describe_drift(const model_set& models) {
    if (!models.din || !models.ranknet)
      return {};
    constexpr std::size_t most_users = 2'000;
    const auto drift =
        drift_reference(models, whole_histories(context_.data.split, models), most_users, context_.team);
    if (!drift)
      return tl::unexpected(drift.error());
    context_.description.set_drift(*drift);
    return {};
  }

  /// Called before training, so that errors in the metadata are not reported hours later. Reads the file
  /// once: it may be a pipe.
  result<void> read_metadata() {
    if (context_.data.items.empty())
      return {};
    const auto file = context_.draft.path() / "items.csv";
    auto copy = item_table_writer::create(file);
    if (!copy)
      return tl::unexpected(copy.error());
    row_report report;
    auto metadata = read_item_metadata(context_.data.items, context_.data.split.items,
                                       context_.options.reading, report, &*copy);
    if (!metadata)
      return copy->has_failed() ? tl::unexpected(metadata.error())
                                : tl::unexpected(from_input(std::move(metadata)).error());
    if (auto closed = copy->close(context_.data.items); !closed)
      return closed;
    for (const auto& line : report.lines(context_.data.items))
      context_.observer.note(line);
    if (auto named = take_metadata(std::move(*metadata)); !named)
      return named;
    // The items' attributes are read as winnowd reads them, which refuses some.
    if (const auto read = load_attributes(file, context_.data.split.items); !read)
      return fail(context_.data.items, read.error());
    return {};
  }

  result<void> take_metadata(item_metadata metadata) {
    context_.observer.note(context_.data.items + ": " + std::to_string(metadata.known) + " of " +
                           std::to_string(context_.data.split.items.size()) + " items known; " +
                           metadata.describe());
    auto of_lightgcn = embedding_columns();
    if (!of_lightgcn)
      return tl::unexpected(of_lightgcn.error());
    for (const auto& line : rename_taken_columns(metadata, *of_lightgcn))
      context_.observer.note(context_.data.items + ": " + line);
    context_.metadata = std::move(metadata);
    return {};
  }

  /// Those of an earlier run; those that this one will make are called `emb_` and a number.
  result<std::vector<std::string>> embedding_columns() const {
    if (context_.options.stage == training_stage::all)
      return std::vector<std::string>();
    return context_.embedding_columns();
  }

  stage_context context_;
  std::optional<model_description> stages_before_; ///< Of stages that are taken over.
  std::string version_;
  bool is_first_ = false;
};

} // namespace

result<training_end> run_training(const train_options& options, training_observer& observer) {
  const auto limit =
      options.time_budget ? time_limit(time_limit::clock::now() + *options.time_budget) : time_limit();
  const auto lock = training_lock::take(options.out);
  if (!lock)
    return tl::unexpected(lock.error());
  if (!lock->warning().empty())
    observer.note(lock->warning());
  auto data = from_input(read_training_data(options));
  if (!data)
    return tl::unexpected(data.error());
  training_run run(options, limit, std::move(*data), observer);
  const auto end = run.run();
  if (!end)
    return tl::unexpected(end.error());
  return training_end{*end, run.version(), run.is_first()};
}

} // namespace winnow
