#include "models/model_description.hpp"

#include "config/text/json_text.hpp"
#include "models/description_field.hpp"
#include "models/files/input_file.hpp"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

namespace winnow {

namespace {

using nlohmann::json;

constexpr std::uint64_t max_bytes = std::uint64_t{16} << 20U;
constexpr int known_format = 1;

result<void> check_format(const description_field& root) {
  const auto format = in(root, "format");
  if (format.value != nullptr && *format.value != known_format)
    return format.refuse(std::to_string(known_format), fault::unsupported);
  return {};
}

result<void> read_width(const description_field& width, std::optional<std::size_t>& into) {
  if (width.value == nullptr)
    return {};
  const std::size_t count = width.value->is_number_unsigned() ? width.value->get<std::size_t>() : 0;
  if (count < 1 || count > widest_cascade)
    return width.refuse("a whole number from 1 to " + std::to_string(widest_cascade));
  into = count;
  return {};
}

result<void> read_cascade(const description_field& root, cascade_settings& into) {
  const auto cascade = object_in(root, "cascade");
  if (!cascade)
    return tl::unexpected(cascade.error());
  struct entry {
    const char* name;
    std::optional<std::size_t>& width;
  };
  const entry entries[] = {
      {"candidates", into.candidates}, {"din_keep", into.din_keep}, {"ranknet_keep", into.ranknet_keep}};
  const entry* wider = nullptr;
  for (const auto& next : entries) {
    const auto place = in(*cascade, next.name);
    if (auto read = read_width(place, next.width); !read)
      return read;
    if (!next.width)
      continue;
    if (wider != nullptr && *next.width > *wider->width)
      return place.refuse("at most " + std::string(wider->name) + " (" + std::to_string(*wider->width) + ")");
    wider = &next;
  }
  return {};
}

/// Reads the names under `columns` of a model, which must be unique; nullopt if there is no such field.
result<std::optional<std::vector<std::string>>> read_columns(const description_field& root,
                                                             const char* model) {
  const auto object = object_in(root, model);
  if (!object)
    return tl::unexpected(object.error());
  const auto columns = in(*object, "columns");
  if (columns.value == nullptr)
    return std::nullopt;
  if (!columns.value->is_array() || columns.value->empty())
    return columns.refuse("an array of at least one column name");
  std::vector<std::string> names;
  for (const auto& entry : *columns.value) {
    const description_field place{root.file, columns.name + "[" + std::to_string(names.size()) + "]", &entry};
    if (!entry.is_string())
      return place.refuse("a column name");
    names.push_back(entry.get<std::string>());
    if (std::find(names.begin(), names.end() - 1, names.back()) != names.end() - 1)
      return place.refuse("each column once");
  }
  return names;
}

/// Splits RankNet's columns into item columns and the stage features after them.
result<void> part_columns(const std::string& file, std::vector<std::string> names, model_description& into) {
  std::vector<std::string> items;
  for (auto& name : names) {
    if (const auto feature = stage_feature_named(name))
      into.stage_features.push_back(*feature);
    else if (into.stage_features.empty())
      items.push_back(std::move(name));
    else
      return fail(fault::unsupported,
                  file + ": ranknet.columns: expected the item columns before the stage features, got \"" +
                      name + "\" after " + std::string(to_string(into.stage_features.back())));
  }
  into.ranknet_columns = std::move(items);
  return {};
}

result<void> read_count(const description_field& parent, const char* name, std::size_t& into) {
  std::optional<std::size_t> count;
  if (auto read = read_width(in(parent, name), count); !read)
    return read;
  into = count.value_or(into);
  return {};
}

result<void> read_transitions(const description_field& root, std::optional<transition_description>& into) {
  const auto place = object_in(root, "transitions");
  if (!place)
    return tl::unexpected(place.error());
  if (place->value == nullptr)
    return {};
  transition_description read;
  for (const auto& done : {read_number(*place, "history_decay", 0, 1, read.scoring.history_decay),
                           read_number(*place, "popularity_exponent", 0, 1, read.scoring.popularity_exponent),
                           read_number(*place, "weight", 0, 1e6, read.weight),
                           read_number(*place, "din_weight", 0, 1e6, read.din_weight),
                           read_number(*place, "din_score_weight", 0, 1e6, read.din_score_weight),
                           read_number(*place, "gap_decay", 0, 1, read.rules.gap_decay),
                           read_number(*place, "backward", 0, 1, read.rules.backward),
                           read_count(*place, "reach", read.rules.reach),
                           read_count(*place, "history_length", read.scoring.history_length),
                           read_count(*place, "candidates", read.candidates)})
    if (!done)
      return done;
  into = read;
  return {};
}

result<void> read_recent_counts(const description_field& root, std::optional<double>& half_life) {
  const auto place = object_in(root, "recent_counts");
  if (!place)
    return tl::unexpected(place.error());
  if (place->value == nullptr)
    return {};
  double events = 1;
  if (auto read = read_number(*place, "half_life_events", 1, 1e15, events); !read)
    return read;
  half_life = events;
  return {};
}

/// `"drift": {"score": {"bounds": […], "shares": […]}, …}`
result<void> read_drift(const description_field& root,
                        std::shared_ptr<const std::vector<reference_histogram>>& into) {
  const auto place = object_in(root, "drift");
  if (!place)
    return tl::unexpected(place.error());
  if (place->value == nullptr)
    return {};
  auto read = std::make_shared<std::vector<reference_histogram>>();
  for (const auto& entry : place->value->items()) {
    const auto one = object_in(*place, entry.key().c_str());
    if (!one)
      return tl::unexpected(one.error());
    auto bounds = read_numbers<float>(*one, "bounds");
    auto shares = read_numbers<double>(*one, "shares");
    if (!bounds || !shares)
      return tl::unexpected(!bounds ? bounds.error() : shares.error());
    if (shares->size() != bounds->size() + 1 || !std::is_sorted(bounds->begin(), bounds->end()))
      return one->refuse("ascending bounds, and one share more than bounds");
    read->push_back({entry.key(), std::move(*bounds), std::move(*shares)});
  }
  into = std::move(read);
  return {};
}

/// What a training left out, but for its split.
result<void> read_left_out(const description_field& training, training_record& into) {
  constexpr double any = std::numeric_limits<double>::max();
  for (const auto& done : {read_stated_seed(training, "holdout_seed", into.seed),
                           read_stated_number(training, "min_rating", -any, any, into.min_rating),
                           read_stated_number(training, "until", 0, 1, into.until),
                           read_stated_text(training, "ties", into.ties)})
    if (!done)
      return done;
  return {};
}

/// `"earlier": [{"split": …, "min_rating": …, …}, …]`
result<void> read_earlier_trainings(const description_field& training, std::vector<training_record>& into) {
  const auto earlier = in(training, "earlier");
  if (earlier.value == nullptr)
    return {};
  if (!earlier.value->is_array())
    return earlier.refuse("an array of trainings");
  for (const auto& entry : *earlier.value) {
    const description_field one{training.file, earlier.name + "[" + std::to_string(into.size()) + "]",
                                &entry};
    if (!entry.is_object())
      return one.refuse("an object");
    training_record record;
    for (const auto& done : {read_stated_text(one, "split", record.split), read_left_out(one, record)})
      if (!done)
        return done;
    into.push_back(std::move(record));
  }
  return {};
}

/// What was trained on. The trainer's seed is that of the split in files that do not name it.
result<void> read_training(const description_field& root, model_description& into) {
  const auto training = object_in(root, "training");
  if (!training)
    return tl::unexpected(training.error());
  for (const auto& done :
       {read_stated_text(root, "split", into.training.split), read_left_out(*training, into.training),
        read_earlier_trainings(*training, into.earlier_trainings)})
    if (!done)
      return done;
  return into.training.seed ? result<void>() : read_stated_seed(root, "seed", into.training.seed);
}

} // namespace

result<model_description> read_model_description(const std::filesystem::path& path) {
  const auto file = path.string();
  const auto text = read_file(path, max_bytes);
  if (!text)
    return tl::unexpected(text.error());
  if (is_nested_too_deeply(*text))
    return fail(fault::malformed, file + ": expected JSON of at most " + std::to_string(most_json_levels) +
                                      " levels, got more");
  json document;
  try {
    document = json::parse(*text);
  } catch (const json::parse_error& wrong) {
    return fail(fault::malformed, file + ": not JSON: " + wrong.what());
  }
  const description_field root{file, "", &document};
  if (!document.is_object())
    return fail(fault::malformed, file + ": expected an object, got " + beginning_of(document));
  model_description description;
  if (auto known = check_format(root); !known)
    return tl::unexpected(known.error());
  if (auto read = read_cascade(root, description.cascade); !read)
    return tl::unexpected(read.error());
  if (auto read = read_transitions(root, description.transitions); !read)
    return tl::unexpected(read.error());
  if (auto read = read_recent_counts(root, description.recent_half_life); !read)
    return tl::unexpected(read.error());
  if (auto read = read_drift(root, description.drift); !read)
    return tl::unexpected(read.error());
  auto din = read_columns(root, "din");
  if (!din)
    return tl::unexpected(din.error());
  description.din_columns = std::move(*din);
  auto ranknet = read_columns(root, "ranknet");
  if (!ranknet)
    return tl::unexpected(ranknet.error());
  if (*ranknet)
    if (auto parted = part_columns(file, std::move(**ranknet), description); !parted)
      return tl::unexpected(parted.error());
  if (auto read = read_training(root, description); !read)
    return tl::unexpected(read.error());
  return description;
}

} // namespace winnow
