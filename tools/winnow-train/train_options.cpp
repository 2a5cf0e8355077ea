#include "tools/winnow-train/train_options.hpp"

#include "config/settings/values/duration.hpp"
#include "config/version.hpp"
#include "tools/support/given_text.hpp"
#include "tools/support/number_range.hpp"
#include "tools/support/printable_failure.hpp"
#include "tools/winnow-train/columns_option.hpp"
#include "tools/winnow-train/share_range.hpp"
#include "tools/winnow-train/ties_option.hpp"
#include "tools/winnowd/exit_codes.hpp"
#include "tools/winnowd/processors.hpp"

#include <CLI/CLI.hpp>

namespace winnow {

namespace {

/// Parses `--holdout`. RankNet learns from the validation items, so a ratio must leave some. Returns the
/// error, or an empty text.
std::string read_holdout(const std::string& text, holdout& into) {
  const auto rule = parse_holdout(text);
  if (!rule)
    return rule.error().message;
  into = *rule;
  return into.how == holdout::kind::ratio && into.valid <= 0
             ? "expected a validation share above 0, got \"" + text + "\""
             : std::string();
}

void add_input(CLI::App& app, train_options& options) {
  auto* source = app.add_option_group("input", "Training data");
  source
      ->add_option(
          "--interactions", options.interactions,
          "Interactions: CSV or TSV with user_id,item_id[,rating][,timestamp], RecBole's .inter, lists "
          "`user item item …`, optionally gzipped, or a pipe; or a folder with part-* files, or with "
          "lightgcn_data.csv and optionally train_data.csv (the order) and item_embeddings.csv (used as "
          "--items)")
      ->type_name("FILE")
      ->check(not_empty("a file or a folder"));
  auto* split = source->add_option("--split", options.split,
                                   "A folder with train.txt and optionally valid.txt and test.txt");
  split->type_name("DIR")->check(not_empty("a directory"));
  auto* store = source->add_option(
      "--from-store", options.from_store,
      "The store of winnowd, whose profiles are the histories: an address as for winnowd's "
      "--store, or env: for the one that winnowd's environment names");
  store->type_name("ADDRESS")->check(not_empty("an address"));
  source->require_option(1);
  app.add_option("--items", options.items, "Item metadata: CSV with item_id and any other columns")
      ->type_name("FILE")
      ->check(not_empty("a file"));
  add_columns_option(
      app, options.reading.columns,
      "Names of the columns of --interactions, if they are not the usual ones; numbers are places in a "
      "file "
      "without a header")
      ->type_name("user=NAME,item=NAME,...");
  app.add_option("--min-rating", options.reading.least_rating, "Drop rows with a lower rating")
      ->check(any_number())
      ->excludes(store)
      ->capture_default_str();
  app.add_flag("--strict", options.reading.strict,
               "Fail at the first row or profile that cannot be read, instead of leaving it out");
  app.add_option(
         "--until", options.until,
         "Train on this share of the interactions only, the earliest, as if the rest were to come: for "
         "winnow-eval --replay")
      ->type_name("SHARE")
      ->check(share_above_zero())
      ->excludes(split)
      ->excludes(store)
      ->capture_default_str();
  add_ties_option(app, options.ties, "file; with --until item, as for winnow-eval --replay");
  app.add_option_function<std::string>(
         "--holdout",
         [&options](const std::string& text) {
           if (const auto wrong = read_holdout(text, options.held_back); !wrong.empty())
             throw CLI::ValidationError("--holdout", wrong);
         },
         "Items of --interactions or --from-store to hold back: loo (each user's last item for measuring, "
         "the one before it "
         "for validation), valid (the last item for validation, none for measuring) or ratio:VALID,TEST")
      ->excludes(split)
      ->default_str("loo");
}

void add_models(CLI::App& app, train_options& options) {
  auto& lightgcn = options.lightgcn;
  auto* group = app.add_option_group("LightGCN", "Candidate generation");
  group
      ->add_option("--dim", lightgcn.model.width,
                   "Width of the embeddings; 64, or 128 from 500,000 interactions on")
      ->check(CLI::Range(8, 1024));
  group->add_option("--layers", lightgcn.model.layers, "Propagation layers")
      ->check(CLI::Range(0, 8))
      ->capture_default_str();
  group
      ->add_option("--loss", lightgcn.model.loss,
                   "What LightGCN learns from: softmax, from a closed-form start, or bpr, as published")
      ->transform(CLI::CheckedTransformer(std::map<std::string, pair_loss>{{"softmax", pair_loss::softmax},
                                                                           {"bpr", pair_loss::bpr}},
                                          CLI::ignore_case)
                      .description("{softmax,bpr}"))
      ->default_str("softmax");
  group
      ->add_option("--lr", lightgcn.model.learning_rate,
                   "Adam's learning rate; 0.01, 0.003 from 2,000,000 interactions on, or 0.001 for bpr")
      ->check(number_range(1e-7, 1));
  group
      ->add_option("--l2", lightgcn.model.l2,
                   "L2 regularisation; 0.0014 divided by the root of the share of all pairs that were taken, "
                   "or 0.0001 for bpr")
      ->check(number_range(0, 10));
  group
      ->add_option(
          "--batch", lightgcn.model.batch,
          "Pairs per step; 2048, more on more than 131,072 interactions (a 64th of them, rounded up to a "
          "power of two, or a 24th from 2,000,000 on), or 2048 for bpr")
      ->check(CLI::Range(1, 1 << 24));
  group->add_option("--patience", lightgcn.patience, "Stop after this many validations without a better one")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  group
      ->add_option("--look-every", lightgcn.measure_every,
                   "Epochs between two validations; 2, or 1 from 2,000,000 interactions on")
      ->check(CLI::Range(1, 100'000));
  group->add_option("--curve", options.curve, "Also measure the test items every N epochs; 0: never")
      ->check(any_whole_number())
      ->capture_default_str();

  auto* rankers = app.add_option_group("rankers", "DIN and RankNet");
  rankers->add_option("--din-epochs", options.din.epochs, "Epochs of DIN")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  rankers
      ->add_option("--id-dim", options.din.shape.id_width,
                   "Width of the vector that DIN learns for each item; 0: none")
      ->check(CLI::Range(0, 512))
      ->capture_default_str();
  rankers->add_option("--ranknet-epochs", options.ranknet.epochs, "Epochs of RankNet")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  auto& widths = options.given_widths;
  rankers
      ->add_option("--candidates", widths.candidates,
                   "Number of candidates, from both sources; " + std::to_string(usual_widths.candidates) +
                       ", or more if a later stage keeps more")
      ->check(CLI::Range(2, 10'000));
  rankers
      ->add_option("--transition-candidates", options.transition_candidates,
                   "Of the candidates, from the transitions between items at most; 0: none")
      ->check(whole_number_range(0, widest_cascade).description(""))
      ->capture_default_str();
  rankers
      ->add_option("--din-keep", widths.din_keep,
                   "Number of candidates that DIN keeps; " + std::to_string(usual_widths.din_keep) +
                       ", or what the other widths allow")
      ->check(CLI::Range(2, 10'000));
  rankers
      ->add_option("--ranknet-keep", widths.ranknet_keep,
                   "Number of items that RankNet keeps; " + std::to_string(usual_widths.ranknet_keep) +
                       ", or as many as DIN keeps")
      ->check(CLI::Range(1, 10'000));
}

/// Throws if a stage is to keep more than one before it. What is not given adapts itself: see `widths_for`.
void refuse_wider_stages(const cascade_settings& given) {
  struct width {
    const char* flag;
    std::optional<std::size_t> items;
  };
  const width stages[] = {{"--candidates", given.candidates},
                          {"--din-keep", given.din_keep},
                          {"--ranknet-keep", given.ranknet_keep}};
  const width* before = nullptr;
  for (const auto& stage : stages) {
    if (!stage.items)
      continue;
    if (before != nullptr && *stage.items > *before->items)
      throw CLI::ValidationError(stage.flag, "expected at most " + std::string(before->flag) + " " +
                                                 std::to_string(*before->items) + ", got " +
                                                 std::to_string(*stage.items));
    before = &stage;
  }
}

} // namespace

void use_widths(train_options& options, const cascade_widths& others) {
  options.widths = widths_for(options.given_widths, others);
  options.din.candidates = options.widths.candidates;
}

train_request read_train_options(int argc, char** argv) {
  train_options options;
  std::optional<std::size_t> epochs;
  CLI::App app("Trains the three models of a model directory: LightGCN, DIN and RankNet.", "winnow-train");
  app.failure_message(printable_failure);
  app.set_version_flag("--version", version_text("winnow-train"));
  add_input(app, options);
  app.add_option(
         "--out", options.out,
         "The model directory; its files are replaced when training is done, unless --publish is given")
      ->required()
      ->type_name("DIR")
      ->check(not_empty("a directory"));
  auto* continued =
      app.add_option(
             "--continue", options.continue_from,
             "Continue from the models that this directory serves, which may be that of --out: known "
             "users and items begin with their vectors, DIN and RankNet with their weights, and a few "
             "epochs adapt them to what is new")
          ->type_name("DIR")
          ->check(not_empty("a directory"));
  app.add_option("--stage", options.stage,
                 "The stage to train; the model directory must contain the earlier stages")
      ->transform(CLI::CheckedTransformer(
                      std::map<std::string, training_stage>{{"lightgcn", training_stage::lightgcn},
                                                            {"din", training_stage::din},
                                                            {"ranknet", training_stage::ranknet},
                                                            {"all", training_stage::all}},
                      CLI::ignore_case)
                      .description("{lightgcn,din,ranknet,all}"))
      ->excludes(continued)
      ->default_str("all");
  app.add_option("--epochs", epochs,
                 "Epochs of LightGCN (maximum; " + std::to_string(options.lightgcn.epochs) +
                     " by default), or of the stage that --stage selects")
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--seed", options.seed, "The same seed on the same data gives the same models")
      ->check(any_whole_number())
      ->capture_default_str();
  app.add_option("--threads", options.threads, "Number of threads; 0: one per processor")
      ->check(CLI::Range(0, 256))
      ->capture_default_str();
  app.add_option_function<std::string>(
         "--time-budget",
         [&options](const std::string& text) {
           options.time_budget = parse_duration(text);
           if (!options.time_budget || options.time_budget->count() <= 0)
             throw CLI::ValidationError("--time-budget", "expected a duration above 0, got " + text +
                                                             std::string(hint_at_unit(text)));
         },
         "Train the best models that fit into this time, such as 10m: fewer epochs, at least one per stage")
      ->type_name("DURATION");
  app.add_flag(
      "--publish", options.publish,
      "Add the models to DIR/versions, by the time and their digest, instead of replacing DIR's files: "
      "winnowctl models promote brings them into force");
  app.add_flag("--resume", options.resume,
               "Resume an interrupted run with the same settings and data; others are refused");
  add_models(app, options);
  try {
    app.parse(argc, argv);
    refuse_wider_stages(options.given_widths);
  } catch (const CLI::ParseError& refused) {
    return {std::nullopt, app.exit(refused) == 0 ? exit_codes::success : exit_codes::config};
  }
  options.given = {app.count("--dim") > 0,
                   app.count("--layers") > 0,
                   app.count("--id-dim") > 0,
                   app.count("--epochs") > 0,
                   app.count("--din-epochs") > 0,
                   app.count("--ranknet-epochs") > 0,
                   app.count("--transition-candidates") > 0};
  if (options.threads == 0)
    options.threads = usable_processors();
  options.reading.ties = options.ties.value_or(options.until < 1 ? tie_order::item : tie_order::file);
  if (epochs && options.stage == training_stage::din)
    options.din.epochs = *epochs;
  else if (epochs && options.stage == training_stage::ranknet)
    options.ranknet.epochs = *epochs;
  else if (epochs)
    options.lightgcn.epochs = *epochs;
  if (options.curve > 0)
    options.lightgcn.measure_every = options.curve;
  options.lightgcn.model.seed = options.din.seed = options.ranknet.seed = options.seed;
  use_widths(options, usual_widths);
  return {options, 0};
}

} // namespace winnow
