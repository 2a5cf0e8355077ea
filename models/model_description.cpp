#include "models/model_description.hpp"

#include "config/text/json_text.hpp"
#include "models/files/input_file.hpp"

#include <algorithm>
#include <cstdio>
#include <limits>
#include <nlohmann/json.hpp>

namespace winnow {

namespace {

using nlohmann::json;

constexpr std::uint64_t max_bytes = std::uint64_t{16} << 20U;
constexpr int known_format = 1;

std::string shown(const json& value) {
  constexpr std::size_t longest = 60;
  auto text = value.dump(-1, ' ', true, json::error_handler_t::replace);
  return text.size() > longest ? text.substr(0, longest) + "…" : text;
}

/// A place in the document, for messages: `cascade.candidates`.
struct field {
  const std::string& file;
  std::string name;
  const json* value; ///< Null if it does not exist.

  tl::unexpected<error> refuse(const std::string& expected, fault cause = fault::malformed) const {
    return fail(cause, file + ": " + name + ": expected " + expected + ", got " + shown(*value));
  }
};

field in(const field& parent, const char* name) {
  const json* value = nullptr;
  if (parent.value != nullptr)
    if (const auto found = parent.value->find(name); found != parent.value->end())
      value = &*found;
  return {parent.file, parent.name.empty() ? name : parent.name + "." + name, value};
}

result<field> object_in(const field& parent, const char* name) {
  auto object = in(parent, name);
  if (object.value != nullptr && !object.value->is_object())
    return object.refuse("an object");
  return object;
}

result<void> check_format(const field& root) {
  const auto format = in(root, "format");
  if (format.value != nullptr && *format.value != known_format)
    return format.refuse(std::to_string(known_format), fault::unsupported);
  return {};
}

result<void> read_width(const field& width, std::optional<std::size_t>& into) {
  if (width.value == nullptr)
    return {};
  const std::size_t count = width.value->is_number_unsigned() ? width.value->get<std::size_t>() : 0;
  if (count < 1 || count > widest_cascade)
    return width.refuse("a whole number from 1 to " + std::to_string(widest_cascade));
  into = count;
  return {};
}

result<void> read_cascade(const field& root, cascade_settings& into) {
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
result<std::optional<std::vector<std::string>>> read_columns(const field& root, const char* model) {
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
    const field place{root.file, columns.name + "[" + std::to_string(names.size()) + "]", &entry};
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

result<void> read_number(const field& parent, const char* name, double least, double most, double& into) {
  const auto number = in(parent, name);
  if (number.value == nullptr)
    return {};
  const double value =
      number.value->is_number() ? number.value->get<double>() : std::numeric_limits<double>::quiet_NaN();
  if (!(value >= least && value <= most)) {
    char range[60];
    std::snprintf(range, sizeof range, "a number from %g to %g", least, most);
    return number.refuse(range);
  }
  into = value;
  return {};
}

result<void> read_count(const field& parent, const char* name, std::size_t& into) {
  std::optional<std::size_t> count;
  if (auto read = read_width(in(parent, name), count); !read)
    return read;
  into = count.value_or(into);
  return {};
}

result<void> read_transitions(const field& root, std::optional<transition_description>& into) {
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

result<void> read_recent_counts(const field& root, std::optional<double>& half_life) {
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

/// Reads an array of numbers.
template<class Number>
result<std::vector<Number>> read_numbers(const field& parent, const char* name) {
  const auto place = in(parent, name);
  const bool fits =
      place.value != nullptr && place.value->is_array() &&
      std::all_of(place.value->begin(), place.value->end(), [](const json& one) { return one.is_number(); });
  if (!fits)
    return fail(fault::malformed, place.file + ": " + place.name + ": expected an array of numbers");
  return place.value->get<std::vector<Number>>();
}

/// `"drift": {"score": {"bounds": […], "shares": […]}, …}`
result<void> read_drift(const field& root, std::shared_ptr<const std::vector<reference_histogram>>& into) {
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

/// Reads a number that may be missing.
result<void> read_stated_number(const field& parent, const char* name, double least, double most,
                                std::optional<double>& into) {
  if (in(parent, name).value == nullptr)
    return {};
  double number = 0;
  if (auto read = read_number(parent, name, least, most, number); !read)
    return read;
  into = number;
  return {};
}

/// Reads a seed that may be missing.
result<void> read_stated_seed(const field& parent, const char* name, std::optional<std::uint64_t>& into) {
  const auto seed = in(parent, name);
  if (seed.value == nullptr)
    return {};
  if (!seed.value->is_number_unsigned())
    return seed.refuse("a whole number of 0 or more");
  into = seed.value->get<std::uint64_t>();
  return {};
}

/// Reads a text that may be missing.
result<void> read_stated_text(const field& parent, const char* name, std::string& into) {
  const auto text = in(parent, name);
  if (text.value == nullptr)
    return {};
  if (!text.value->is_string())
    return text.refuse("a text");
  into = text.value->get<std::string>();
  return {};
}

/// What a training left out, but for its split.
result<void> read_left_out(const field& training, training_record& into) {
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
result<void> read_earlier_trainings(const field& training, std::vector<training_record>& into) {
  const auto earlier = in(training, "earlier");
  if (earlier.value == nullptr)
    return {};
  if (!earlier.value->is_array())
    return earlier.refuse("an array of trainings");
  for (const auto& entry : *earlier.value) {
    const field one{training.file, earlier.name + "[" + std::to_string(into.size()) + "]", &entry};
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
result<void> read_training(const field& root, model_description& into) {
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
  const field root{file, "", &document};
  if (!document.is_object())
    return fail(fault::malformed, file + ": expected an object, got " + shown(document));
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
