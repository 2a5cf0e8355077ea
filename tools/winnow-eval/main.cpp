#include "config/text/quoted_text.hpp"
#include "models/evaluation/evaluation_plot.hpp"
#include "models/evaluation/evaluation_report.hpp"
#include "models/evaluation/replay_report.hpp"
#include "models/evaluation/seen_items.hpp"
#include "models/learning/mark_file.hpp"
#include "models/training/interactions/interaction_reader.hpp"
#include "models/training/interactions/time_cut.hpp"
#include "tools/support/finished_output.hpp"
#include "tools/winnow-eval/chart_file.hpp"
#include "tools/winnow-eval/eval_options.hpp"
#include "tools/winnowd/exit_codes.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <optional>
#include <utility>

namespace {

using namespace winnow;

int refuse(int code, const std::string& message) {
  std::fprintf(stderr, "winnow-eval: %s\n", printable_text(message).c_str());
  return code;
}

void warn(const std::string& message) {
  std::fprintf(stderr, "winnow-eval: warning: %s\n", printable_text(message).c_str());
}

/// The exit code for what could not be measured: the data or the models are the reason, but for a defect.
int exit_code_of(fault cause) {
  return cause == fault::internal ? exit_codes::software : exit_codes::no_input;
}

/// Warns that the models may have been trained on what they are measured by.
void warn_of_seen_items(const std::vector<std::string>& why) {
  for (const auto& reason : why)
    warn("according to model.json: " + reason + ": the numbers are optimistic");
}

/// Warns of what the last training of the models has seen, and of what the trainings have that it took
/// stages or weights from. @param why_seen_by Returns the reasons for one of them.
template<class WhySeenBy>
void warn_of_items_seen_by(const model_set& models, WhySeenBy why_seen_by) {
  warn_of_seen_items(why_seen_by(models.training));
  for (const auto& earlier : models.earlier_trainings)
    for (const auto& reason : why_seen_by(earlier))
      warn("according to model.json, an earlier training, which this one builds on: " + reason +
           ": the numbers are optimistic");
}

/// How to read interactions: as the trainer did, unless something else is requested. A replay orders ties by
/// item, whatever the order was that the trainer held items back by.
reading_options reading_of(const eval_options& options, const model_set& models) {
  auto reading = options.reading;
  reading.least_rating = options.least_rating.value_or(models.training.min_rating.value_or(0));
  reading.ties =
      options.ties.value_or(options.replayed.empty() ? ties_named(models.training.ties) : tie_order::item);
  return reading;
}

/// Warns if anything was left out, with the totals.
void report_rows(const row_report& report, const std::string& source) {
  if (report.left_anything_out() || !report.remarks.empty())
    for (const auto& line : report.lines(source))
      warn(line);
}

/// How to split the interactions: as requested, else as the trainer did, else leave-one-out.
holdout holdout_of(const eval_options& options, const model_set& models) {
  if (options.held_back)
    return *options.held_back;
  const auto& split = models.training.split;
  if (split.empty() || split == "given")
    return {};
  const auto same = parse_holdout(split);
  if (!same) {
    warn("model.json says split \"" + split + "\", which is unknown; using loo");
    return {};
  }
  return measures_something(*same) ? *same : holdout{}; // if the trainer held nothing back, any split will do
}

/// The seed for random splits: as requested, else the trainer's, if model.json has it, else 1.
std::uint64_t seed_of(const eval_options& options, const model_set& models) {
  constexpr std::uint64_t otherwise = 1;
  return options.holdout_seed.value_or(models.training.seed.value_or(otherwise));
}

/// Cuts the interactions at the share to which the trainer did, unless another one is requested.
/// @return The share of the interactions that is left; `malformed` if it is requested without times.
result<double> cut(interaction_log& log, const eval_options& options, const model_set& models) {
  const double until = options.until.value_or(models.training.until.value_or(1));
  if (until >= 1 || log.events.empty())
    return 1.0;
  if (log.orders_users) {
    log = first_until(log, time_after(log, until));
    return until;
  }
  if (options.until)
    return fail(fault::malformed, options.interactions + ": --until: expected interactions with times");
  warn("model.json says that the models were trained with --until, but " + options.interactions +
       " has no times: all of it is measured");
  return 1.0;
}

struct data_to_measure {
  interaction_split split;
  std::string name;
};

result<data_to_measure> read_given_split(const eval_options& options, const model_set& models) {
  row_report report;
  const auto reading = reading_of(options, models);
  auto split = read_split(options.split, reading, report);
  if (!split)
    return tl::unexpected(split.error());
  report_rows(report, options.split);
  warn_of_items_seen_by(models, [&](const training_record& training) {
    return why_seen_in_split(training, reading.least_rating);
  });
  return data_to_measure{std::move(*split), "split as given"};
}

result<data_to_measure> read_data(const eval_options& options, const model_set& models) {
  if (!options.split.empty())
    return read_given_split(options, models);
  row_report report;
  const auto reading = reading_of(options, models);
  auto log = read_interactions(options.interactions, reading, report);
  if (!log)
    return tl::unexpected(log.error());
  report_rows(report, options.interactions);
  const auto until = cut(*log, options, models);
  if (!until)
    return tl::unexpected(until.error());
  const measured_items measured{holdout_of(options, models),
                                seed_of(options, models),
                                log->has_times,
                                log->orders_users,
                                reading.least_rating,
                                *until,
                                reading.ties};
  warn_of_items_seen_by(
      models, [&measured](const training_record& training) { return why_seen(training, measured); });
  return data_to_measure{split_by(std::move(*log), measured.how, measured.seed), to_string(measured.how)};
}

/// Prints a report and writes the chart, if there is to be one. @return The exit code.
int show(const std::string& report, const std::string& chart, std::optional<chart_file>& into) {
  std::fputs(printable_text(report).c_str(), stdout);
  if (!into)
    return exit_codes::success;
  const auto written = into->write(chart);
  return written ? exit_codes::success : refuse(exit_codes::io_error, written.error().message);
}

int measure(const eval_options& options, const model_set& models, std::optional<chart_file>& chart) {
  const auto data = read_data(options, models);
  if (!data)
    return refuse(exit_codes::no_input, data.error().message);
  const evaluation_subject subject{options.model_dir, models.version,
                                   options.split.empty() ? options.interactions : options.split, data->name};
  const auto measured = evaluate(models, data->split, options.how);
  if (!measured)
    return refuse(exit_code_of(measured.error().cause), subject.data + ": " + measured.error().message);
  return show(options.json ? evaluation_json(*measured, subject) : evaluation_table(*measured, subject),
              evaluation_plot(*measured, subject.data + ", " + subject.split), chart);
}

int measure_replay(const eval_options& options, const model_set_ptr& models,
                   std::optional<chart_file>& chart) {
  if (!models->din || !models->ranknet)
    return refuse(exit_codes::no_input, options.model_dir + ": a replay needs DIN and RankNet");
  row_report report;
  const auto reading = reading_of(options, *models);
  const auto log = read_interactions(options.replayed, reading, report);
  if (!log)
    return refuse(exit_codes::no_input, log.error().message);
  report_rows(report, options.replayed);
  if (!log->orders_users) // lists say which item was taken after which, but not when
    return refuse(exit_codes::no_input, options.replayed + ": --replay: expected interactions with times");
  warn_of_items_seen_by(*models, [&](const training_record& training) {
    return why_seen_in_replay(training, options.replay.from, reading.least_rating);
  });
  auto how = options.replay;
  how.k = *std::min_element(options.how.cutoffs.begin(), options.how.cutoffs.end());
  how.widths = options.how.widths;
  const auto counted = counted_by_training(models->directory, how.learning.most_users);
  if (!counted)
    return refuse(exit_codes::no_input, counted.error().message);
  const auto measured = replay(models, *log, *counted, how);
  if (!measured)
    return refuse(exit_code_of(measured.error().cause), options.replayed + ": " + measured.error().message);
  char from[32];
  std::snprintf(from, sizeof from, "replayed from %g", how.from);
  const evaluation_subject subject{options.model_dir, models->version, options.replayed, from};
  return show(options.json ? replay_json(*measured, subject) : replay_table(*measured, subject),
              replay_plot(*measured, subject.data), chart);
}

int run(int argc, char** argv) {
  int exit_code = exit_codes::success;
  const auto options = parse_eval_options(argc, argv, exit_code);
  if (!options)
    return exit_code;
  std::optional<chart_file> chart;
  if (!options->plot.empty()) {
    auto opened = chart_file::open(options->plot);
    if (!opened)
      return refuse(exit_codes::io_error, opened.error().message);
    chart.emplace(std::move(*opened));
  }
  model_settings models_at;
  models_at.dir = options->model_dir;
  models_at.item_features = options->item_features;
  const auto models = load_model_set(models_at, missing_rankers::accepted);
  if (!models)
    return refuse(exit_codes::no_input, models.error().message);
  return options->replayed.empty() ? measure(*options, **models, chart)
                                   : measure_replay(*options, *models, chart);
}

} // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN); // `| head` must not keep the chart from being written
  return winnow::finished_output("winnow-eval", run(argc, argv));
}
