#include "models/evaluation/evaluation_plot.hpp"
#include "models/evaluation/evaluation_report.hpp"
#include "models/training/interactions/interaction_reader.hpp"
#include "tools/winnow-eval/eval_options.hpp"
#include "tools/winnowd/exit_codes.hpp"

#include <cstdio>
#include <fstream>

namespace {

using namespace winnow;

int refuse(int code, const std::string& message) {
  std::fprintf(stderr, "winnow-eval: %s\n", message.c_str());
  return code;
}

void warn(const std::string& message) {
  std::fprintf(stderr, "winnow-eval: warning: %s\n", message.c_str());
}

void tell(const row_report& report) {
  for (const auto& complaint : report.complaints)
    warn(complaint);
  if (report.refused > 0)
    warn(std::to_string(report.refused) + " rows could not be read and are left out");
}

/// How interactions are parted: as asked, else as the trainer did, else one item of each user.
holdout parting_of(const eval_options& asked, const model_set& models) {
  if (asked.parting)
    return *asked.parting;
  if (models.split.empty())
    return {};
  const auto same = parse_holdout(models.split);
  if (!same) {
    warn("model.json says split \"" + models.split + "\", which is not known here; taking loo");
    return {};
  }
  return measures_something(*same) ? *same : holdout{}; // where nothing was held back, anything will do
}

/// Draws what the trainer drew, where it said with which seed.
std::uint64_t seed_of(const eval_options& asked, const model_set& models) {
  constexpr std::uint64_t otherwise = 1;
  return asked.holdout_seed.value_or(models.split_seed.value_or(otherwise));
}

struct data_to_measure {
  interaction_split split;
  std::string name;
};

result<data_to_measure> read_data(const eval_options& asked, const model_set& models) {
  row_report report;
  if (!asked.split.empty()) {
    auto split = read_split(asked.split, asked.reading, report);
    if (!split)
      return tl::unexpected(split.error());
    tell(report);
    return data_to_measure{std::move(*split), "split as given"};
  }
  if (const auto said = parse_holdout(models.split); said && !measures_something(*said))
    warn("model.json says that the models have seen all interactions: the numbers are optimistic");
  auto log = read_interactions(asked.interactions, asked.reading, report);
  if (!log)
    return tl::unexpected(log.error());
  tell(report);
  const auto how = parting_of(asked, models);
  return data_to_measure{part(std::move(*log), how, seed_of(asked, models)), to_string(how)};
}

bool write_plot(const std::string& file, const evaluation& measured, const evaluation_subject& subject) {
  std::ofstream out(file, std::ios::binary);
  out << evaluation_plot(measured, subject.data + ", " + subject.split);
  out.close();
  return out.good();
}

} // namespace

int main(int argc, char** argv) {
  int exit_code = exit_codes::success;
  const auto asked = parse_eval_options(argc, argv, exit_code);
  if (!asked)
    return exit_code;
  model_settings models_at;
  models_at.dir = asked->model_dir;
  models_at.item_features = asked->item_features;
  const auto models = load_model_set(models_at, missing_rankers::accepted);
  if (!models)
    return refuse(exit_codes::no_input, models.error().message);
  const auto data = read_data(*asked, **models);
  if (!data)
    return refuse(exit_codes::no_input, data.error().message);
  const evaluation_subject subject{asked->model_dir, (*models)->version,
                                   asked->split.empty() ? asked->interactions : asked->split, data->name};
  const auto measured = evaluate(**models, data->split, asked->how);
  if (!measured)
    return refuse(exit_codes::software, subject.data + ": " + measured.error().message);
  const auto text = asked->json ? evaluation_json(*measured, subject) : evaluation_table(*measured, subject);
  std::fputs(text.c_str(), stdout);
  if (!asked->plot.empty() && !write_plot(asked->plot, *measured, subject))
    return refuse(exit_codes::no_input, asked->plot + ": cannot be written");
  return exit_codes::success;
}
