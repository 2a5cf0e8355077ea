#include "tools/winnow-eval/eval_options.hpp"

#include "config/settings/values/duration.hpp"
#include "config/text/quoted_text.hpp"
#include "config/version.hpp"
#include "tools/support/number_range.hpp"
#include "tools/support/printable_failure.hpp"
#include "tools/winnow-train/columns_option.hpp"
#include "tools/winnow-train/share_range.hpp"
#include "tools/winnow-train/ties_option.hpp"
#include "tools/winnowd/exit_codes.hpp"
#include "tools/winnowd/processors.hpp"

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdlib>
#include <limits>

namespace winnow {

namespace {

/// Parses `--holdout`, which must leave items to measure. Returns the error, or an empty text.
std::string read_holdout(const std::string& text, std::optional<holdout>& into) {
  const auto rule = parse_holdout(text);
  if (!rule)
    return rule.error().message;
  into = *rule;
  return measures_something(*into) ? std::string() : "expected items for measuring, got \"" + text + "\"";
}

int refuse(const std::string& message) {
  std::fprintf(stderr, "winnow-eval: %s\n", printable_text(message).c_str());
  return exit_codes::config;
}

void add_data_options(CLI::App& app, eval_options& options) {
  const char* const group = "Data";
  auto* file =
      app.add_option("--interactions", options.interactions, "Interactions, split according to --holdout");
  file->type_name("FILE")->group(group);
  app.add_option("--split", options.split,
                 "Instead: a folder with train.txt, test.txt and optionally valid.txt")
      ->type_name("DIR")
      ->group(group)
      ->excludes(file);
  app.add_option_function<std::string>(
         "--holdout",
         [&options](const std::string& text) {
           if (const auto wrong = read_holdout(text, options.held_back); !wrong.empty())
             throw CLI::ValidationError("--holdout", wrong);
         },
         "loo: test each user's last item; the one before it is for validation;\n"
         "ratio:VALID,TEST: shares of each user's last items; default: from model.json, else loo")
      ->type_name("HOW")
      ->group(group)
      ->needs(file);
  app.add_option("--holdout-seed", options.holdout_seed,
                 "For ratio without times; default: the trainer's seed in model.json, else 1")
      ->type_name("NUMBER")
      ->group(group)
      ->check(any_whole_number())
      ->needs(file);
  app.add_option("--least-rating", options.least_rating,
                 "Drop rows with a lower rating; default: the trainer's --min-rating in model.json, else 0")
      ->type_name("NUMBER")
      ->group(group)
      ->check(any_number());
  app.add_option("--until", options.until,
                 "Hold back items of this share of the interactions only, the earliest; default: the "
                 "trainer's in model.json, else 1")
      ->type_name("SHARE")
      ->group(group)
      ->check(share_above_zero())
      ->needs(file);
  add_ties_option(app, options.ties, "the trainer's in model.json, else file; with --replay item")
      ->group(group);
  add_columns_option(
      app, options.reading.columns,
      "Names of the columns, if they are not the usual ones; numbers are places in a file without a "
      "header")
      ->type_name("user=NAME,...")
      ->group(group);
  app.add_flag("--strict", options.reading.strict, "Fail at the first row that cannot be read")->group(group);
}

void add_replay_options(CLI::App& app, eval_options& options) {
  const char* const group = "Replay";
  auto* replayed =
      app.add_option(
             "--replay", options.replayed,
             "Instead of held back items: ask before each of these interactions, in the order of time, and\n"
             "then tell it; once with the models as they are, once learning as winnowd does")
          ->type_name("FILE")
          ->group(group)
          ->excludes("--interactions")
          ->excludes("--split");
  app.add_option("--from", options.replay.from,
                 "Share of the interactions, in the order of time, before the first that is asked for;\n"
                 "train with --until and the same share")
      ->type_name("SHARE")
      ->group(group)
      ->check(share_below_one())
      ->capture_default_str()
      ->needs(replayed);
  app.add_option("--least-history", options.replay.least_history,
                 "Items that a user must have had before an interaction that is asked for")
      ->type_name("COUNT")
      ->group(group)
      ->check(any_whole_number())
      ->capture_default_str()
      ->needs(replayed);
  app.add_option("--ask-every", options.replay.ask_every, "Ask for every n-th only; all are told")
      ->type_name("N")
      ->group(group)
      ->check(whole_number_range(1, 1'000'000'000).description(""))
      ->capture_default_str()
      ->needs(replayed);
  app.add_option_function<std::string>(
         "--learn-half-life",
         [&options](const std::string& text) {
           const auto read = parse_duration(text);
           if (!read || read->count() == 0)
             throw CLI::ValidationError("--learn-half-life", "expected a duration above 0, got " + text +
                                                                 std::string(hint_at_unit(text)));
           options.replay.learning.half_life = std::chrono::duration<double>(*read).count();
         },
         "As for winnowd")
      ->type_name("DURATION")
      ->group(group)
      ->needs(replayed);
  app.add_option("--adopt-after", options.replay.learning.adopt_after, "As for winnowd")
      ->type_name("READERS")
      ->group(group)
      ->check(any_whole_number())
      ->capture_default_str()
      ->needs(replayed);
  app.add_option("--learn-successors", options.replay.learning.successors, "As for winnowd")
      ->type_name("COUNT")
      ->group(group)
      ->check(whole_number_range(1, 1024).description(""))
      ->capture_default_str()
      ->needs(replayed);
}

void add_model_options(CLI::App& app, eval_options& options) {
  const char* const group = "Models";
  const auto width = whole_number_range(1, widest_cascade).description("");
  app.add_option("--model-dir", options.model_dir, "The model directory; DIN and RankNet may be missing")
      ->type_name("DIR")
      ->group(group)
      ->required();
  app.add_option("--item-features", options.item_features, "As for winnowd")->type_name("FILE")->group(group);
  app.add_option("--candidates", options.how.widths.candidates,
                 "As for winnowd; default: from model.json, else 100")
      ->type_name("COUNT")
      ->group(group)
      ->check(width);
  app.add_option("--din-keep", options.how.widths.din_keep,
                 "As for winnowd; default: from model.json, else 50")
      ->type_name("COUNT")
      ->group(group)
      ->check(width);
}

void add_measuring_options(CLI::App& app, eval_options& options) {
  const char* const group = "Measuring";
  app.add_option("--k", options.how.cutoffs, "Lengths of the measured lists")
      ->type_name("COUNT,...")
      ->group(group)
      ->delimiter(',')
      ->allow_extra_args(false)
      ->default_str("10,20")
      ->check(whole_number_range(1, widest_cascade).description(""));
  app.add_option("--threads", options.how.threads, "Number of threads; does not change the result")
      ->type_name("COUNT")
      ->group(group)
      ->check(whole_number_range(1, 1024).description(""))
      ->capture_default_str();
  app.add_option("--most-users", options.how.most_users,
                 "Measure at most so many users with test items, at equal distances; default: all")
      ->type_name("COUNT")
      ->group(group)
      ->check(whole_number_range(1, std::numeric_limits<std::size_t>::max()).description(""))
      ->excludes("--replay");
  app.add_option("--seed", options.how.seed, "For the negatives of the AUC")
      ->type_name("NUMBER")
      ->group(group)
      ->check(any_whole_number())
      ->capture_default_str();
  app.add_flag("--json", options.json, "Print one JSON object instead of a table")->group(group);
  app.add_option("--plot", options.plot, "Also write a bar chart")->type_name("FILE.svg")->group(group);
}

} // namespace

std::optional<eval_options> parse_eval_options(int argc, char** argv, int& exit_code) {
  CLI::App app(
      "Measures the models of a directory on interactions that they have not seen: each prefix of the "
      "cascade,\npopularity and item-item cosine, with the code that serves. Ranks all items, but masks the "
      "items that a\nuser had before. Or replays interactions in the order of time: with the models as they "
      "are, and learning.",
      "winnow-eval");
  app.failure_message(printable_failure);
  app.get_formatter()->column_width(32);
  app.set_version_flag("--version", version_text("winnow-eval"));
  eval_options options;
  options.how.threads = usable_processors();
  add_model_options(app, options);
  add_data_options(app, options);
  add_replay_options(app, options);
  add_measuring_options(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& end) {
    exit_code = app.exit(end) == 0 ? exit_codes::success : exit_codes::config;
    return std::nullopt;
  }
  const auto& widths = options.how.widths;
  if (options.interactions.empty() + options.split.empty() + options.replayed.empty() != 2)
    exit_code = refuse("expected --interactions FILE, --split DIR or --replay FILE");
  else if (widths.candidates && widths.din_keep && *widths.din_keep > *widths.candidates)
    exit_code = refuse("--din-keep " + std::to_string(*widths.din_keep) + ": expected at most --candidates " +
                       std::to_string(*widths.candidates));
  return exit_code == exit_codes::success ? std::optional(options) : std::nullopt;
}

} // namespace winnow
