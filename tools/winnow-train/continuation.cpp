#include "tools/winnow-train/continuation.hpp"

#include "models/catalogue/float_table.hpp"
#include "models/files/input_file.hpp"
#include "models/learning/mark_file.hpp"
#include "models/manifest.hpp"
#include "models/model_files.hpp"
#include "models/training/table_writer.hpp"
#include "models/training/warm_start/id_vectors.hpp"

#include <algorithm>
#include <limits>

namespace winnow {

namespace {

using nlohmann::ordered_json;

// What a continued training does unless the user says otherwise: weights that are nearly right need few small
// steps.
constexpr std::size_t lightgcn_epochs = 2, din_epochs = 1, ranknet_epochs = 3;
constexpr double lightgcn_rate = 2e-3, ranker_rate = 3e-4;
constexpr std::size_t least_ranknet_users = 1'000;

result<ordered_json> read_json(const std::filesystem::path& file) {
  constexpr std::uint64_t largest = std::uint64_t{64} << 20U;
  const auto text = read_file(file, largest);
  if (!text)
    return tl::unexpected(text.error());
  auto parsed = ordered_json::parse(*text, nullptr, false);
  if (!parsed.is_object())
    return fail(fault::malformed, file.string() + ": expected a JSON object");
  return parsed;
}

/// A number among the hyper-parameters of a stage; nullopt if there is none.
std::optional<double> hyper_parameter(const ordered_json& json, const char* stage, const char* name) {
  const ordered_json::json_pointer at("/hyper_parameters/" + std::string(stage) + "/" + name);
  if (!json.contains(at) || !json[at].is_number())
    return std::nullopt;
  return json[at].get<double>();
}

/// All input columns of RankNet, in the order of its checkpoint; stage features are there by their names.
std::vector<std::string> ranknet_columns_of(const model_description& description) {
  auto columns = description.ranknet_columns.value_or(std::vector<std::string>{});
  for (const auto one : description.stage_features)
    columns.emplace_back(to_string(one));
  return columns;
}

result<std::shared_ptr<const checkpoint>> weights_in(const std::filesystem::path& file) {
  auto loaded = load_checkpoint(file);
  if (!loaded)
    return tl::unexpected(loaded.error());
  return std::make_shared<const checkpoint>(std::move(*loaded));
}

/// Checks the files against the manifest, as winnowd does when it loads them.
result<void> check_files(const model_paths& paths, const model_description& description) {
  if (paths.manifest.empty())
    return {};
  const auto used = paths.used(description.recent_half_life.has_value());
  const auto digests = digest_files(used);
  if (!digests)
    return tl::unexpected(digests.error());
  return check_manifest(paths.manifest, used, *digests, paths.possible);
}

} // namespace

result<continuation> continuation::read(const std::string& directory) {
  model_settings where;
  where.dir = directory;
  const auto paths = locate_models(where);
  if (!paths)
    return tl::unexpected(paths.error());
  continuation made;
  made.directory_ = paths->directory;
  made.json_ = ordered_json::object();
  if (!paths->description.empty()) {
    auto json = read_json(paths->description);
    if (!json)
      return tl::unexpected(json.error());
    made.json_ = std::move(*json);
    auto description = read_model_description(paths->description);
    if (!description)
      return tl::unexpected(description.error());
    made.description_ = std::move(*description);
  }
  if (auto fits = check_files(*paths, made.description_); !fits)
    return tl::unexpected(fits.error());
  auto embeddings = load_earlier_embeddings(made.directory_);
  if (!embeddings)
    return tl::unexpected(embeddings.error());
  made.embeddings_ = std::move(*embeddings);
  if (auto read = made.read_rankers(); !read) // whatever it is: not that there are no models
    return fail(fault::malformed, read.error().message);
  return made;
}

/// Whether DIN can start from the models: they have one, and say which columns it takes in.
bool continuation::has_din() const {
  std::error_code ignored;
  return description_.din_columns && std::filesystem::exists(directory_ / "din/best_model.pth", ignored);
}

result<void> continuation::read_rankers() {
  if (!has_din())
    return {};
  auto din = weights_in(directory_ / "din/best_model.pth");
  if (!din)
    return tl::unexpected(din.error());
  din_weights_ = std::move(*din);
  auto counted = counted_by_training(directory_, std::numeric_limits<std::uint32_t>::max());
  if (!counted)
    return tl::unexpected(counted.error());
  counted_ = std::move(*counted);
  // Read again when DIN starts: until then, LightGCN needs the memory.
  if (const auto features = load_float_table(directory_ / "item_features.csv"); !features)
    return tl::unexpected(features.error());
  std::error_code ignored;
  if (!std::filesystem::exists(directory_ / "ranknet/best_model.pth", ignored))
    return {};
  auto ranknet = weights_in(directory_ / "ranknet/best_model.pth");
  if (!ranknet)
    return tl::unexpected(ranknet.error());
  ranknet_weights_ = std::move(*ranknet);
  return {};
}

void continuation::forget(const char* stages, const std::string& why, training_observer& observer) {
  observer.note(std::string("--continue: ") + stages + " from the start: " + why);
}

/// The description of models that Python wrote says nothing about transitions, if there is one.
void continuation::keep_widths(train_options& options) const {
  use_widths(options, widths_for(description_.cascade, usual_widths));
  if (!options.given.transition_candidates && json_.contains("hyper_parameters"))
    options.transition_candidates = description_.transitions ? description_.transitions->candidates : 0;
}

void continuation::begin(train_options& options, const training_data& data, training_observer& observer) {
  keep_widths(options);
  full_ = options;
  auto& model = options.lightgcn.model;
  if (options.given.dim && *model.width != embeddings_.width) {
    forget("all stages are trained",
           "--dim " + std::to_string(*model.width) + ", but the embeddings in " + directory_.string() +
               " have " + std::to_string(embeddings_.width) + " numbers",
           observer);
    return;
  }
  const auto& split = data.split;
  auto warm = continue_embeddings(embeddings_, split.users, split.items, split.train);
  new_users_ = warm.new_users;
  new_items_ = warm.new_items;
  observer.note("--continue " + directory_.string() + ": " + std::to_string(new_users_) + " new users of " +
                std::to_string(split.users.size()) + ", " + std::to_string(new_items_) + " new items of " +
                std::to_string(split.items.size()));
  if (new_users_ == split.users.size() || new_items_ == split.items.size()) {
    forget("all stages are trained", "the models know none of these users or items", observer);
    return;
  }
  lightgcn_ = true;
  model.start = std::make_shared<const embedding_rows>(std::move(warm.rows));
  if (const auto layers = hyper_parameter(json_, "lightgcn", "layers"); layers && !options.given.layers)
    model.layers = static_cast<std::size_t>(*layers);
  if (const auto l2 = hyper_parameter(json_, "lightgcn", "l2"); l2 && !model.l2)
    model.l2 = *l2;
  model.learning_rate = model.learning_rate.value_or(lightgcn_rate);
  if (!options.given.epochs)
    options.lightgcn.epochs = lightgcn_epochs;
  options.lightgcn.measure_every = 1;
  if (const auto& earlier = description_.transitions) {
    options.transitions.searches = false;
    options.transitions.rules = earlier->rules;
    options.transitions.scoring = earlier->scoring;
  }
}

std::optional<transition_description> continuation::transitions() const {
  return lightgcn_ ? description_.transitions : std::nullopt;
}

result<void> continuation::begin_din(train_options& options, const model_set& models, const item_lists& train,
                                     std::vector<std::string> columns, training_observer& observer) {
  if (!lightgcn_)
    return {};
  if (din_weights_ == nullptr) {
    forget("DIN and RankNet are trained",
           directory_.string() + " has no DIN, or no model.json with its columns", observer);
    return {};
  }
  auto& shape = options.din.shape;
  if (const auto width = hyper_parameter(json_, "din", "id_width"); width && !options.given.id_dim)
    shape.id_width = static_cast<std::size_t>(*width);
  const auto features = load_float_table(directory_ / "item_features.csv");
  if (!features)
    return tl::unexpected(features.error());
  auto start = std::make_shared<din_start>();
  start->id_vectors = continue_id_vectors(*features, shape.id_width, models.items.trained(), train);
  has_new_.assign(train.users(), true);
  if (counted_)
    first_new_ = first_new_items(*counted_, *models.users, models.items.trained(), train);
  for (std::size_t user = 0; user < train.users(); ++user) {
    const auto old = user < first_new_.size() ? first_new_[user] : 0;
    has_new_[user] = train.of(user).size() > old;
    new_events_ += train.of(user).size() - std::min(old, train.of(user).size());
  }
  start->first_new = first_new_;
  const auto learned = numbered("din_", shape.id_width);
  columns.insert(columns.end(), learned.begin(), learned.end());
  start->weights = {din_weights_, *description_.din_columns, std::move(columns)};
  options.din.start = std::move(start);
  if (!options.given.din_epochs)
    options.din.epochs = din_epochs;
  options.din.adam.learning_rate = ranker_rate;
  din_ = true;
  return {};
}

void continuation::give_up_din(train_options& options, const error& why, training_observer& observer) {
  forget("DIN and RankNet are trained", why.message, observer);
  options.din = full_.din;
  din_ = false;
}

void continuation::begin_ranknet(train_options& options, item_lists& valid, std::vector<std::string> columns,
                                 training_observer& observer) {
  if (!din_)
    return;
  if (ranknet_weights_ == nullptr) {
    forget("RankNet is trained", directory_.string() + " has none", observer);
    return;
  }
  auto start = std::make_shared<ranknet_start>();
  start->uses_columns = !description_.ranknet_columns || !description_.ranknet_columns->empty();
  start->weights = {ranknet_weights_, ranknet_columns_of(description_), std::move(columns)};
  options.ranknet.start = std::move(start);
  if (!options.given.ranknet_epochs)
    options.ranknet.epochs = ranknet_epochs;
  options.ranknet.adam.learning_rate = ranker_rate;
  valid = some_lists(valid, has_new_, least_ranknet_users);
  ranknet_ = true;
}

void continuation::give_up_ranknet(train_options& options, const error& why, training_observer& observer) {
  forget("RankNet is trained", why.message, observer);
  options.ranknet = full_.ranknet;
  ranknet_ = false;
}

ordered_json continuation::describe() const {
  return {{"from", directory_.string()}, {"lightgcn", lightgcn_},   {"din", din_},
          {"ranknet", ranknet_},         {"new_users", new_users_}, {"new_items", new_items_},
          {"new_events", new_events_}};
}

} // namespace winnow
