#include "config/files/file_name.hpp"
#include "config/text/ascii.hpp"
#include "models/files/output_file.hpp"
#include "models/files/text_file.hpp"
#include "models/trials/experiment.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

// The file with the experiment of a model directory.

namespace winnow {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::uint64_t most_bytes = std::uint64_t{1} << 20U;

/// The buckets of an arm, e.g. `0-4999,7000`.
std::string ranges_of(const std::vector<std::uint8_t>& buckets, std::size_t arm) {
  std::string text;
  for (std::size_t first = 0; first < buckets.size();) {
    std::size_t end = first;
    while (end < buckets.size() && buckets[end] == arm)
      ++end;
    if (end > first) {
      text += (text.empty() ? "" : ",") + std::to_string(first);
      if (end - first > 1)
        text += "-" + std::to_string(end - 1);
    }
    first = std::max(end, first + 1);
  }
  return text;
}

/// Reads one number from the front. @return Whether there is one.
bool read_number(std::string_view& text, std::size_t& number) {
  std::size_t digits = 0;
  number = 0;
  for (; digits < text.size() && digits < 5 && is_digit(text[digits]); ++digits)
    number = number * 10 + static_cast<std::size_t>(text[digits] - '0');
  text.remove_prefix(digits);
  return digits > 0;
}

/// Gives an arm its buckets. @return Whether the ranges are well-formed and were nobody's.
bool assign(std::vector<std::uint8_t>& buckets, std::string_view ranges, std::size_t arm) {
  while (!ranges.empty()) {
    std::size_t first = 0, last = 0;
    if (!read_number(ranges, first))
      return false;
    last = first;
    if (!ranges.empty() && ranges.front() == '-') {
      ranges.remove_prefix(1);
      if (!read_number(ranges, last))
        return false;
    }
    if (last < first || last >= buckets.size())
      return false;
    for (auto i = first; i <= last; ++i)
      if (std::exchange(buckets[i], static_cast<std::uint8_t>(arm)) != no_arm)
        return false;
    if (!ranges.empty()) {
      if (ranges.front() != ',' || ranges.size() == 1)
        return false;
      ranges.remove_prefix(1);
    }
  }
  return true;
}

ordered_json object_of(const experiment& what) {
  auto versions = ordered_json::array();
  for (std::size_t i = 0; i < what.arms.size(); ++i)
    versions.push_back({{"version", what.arms[i].version},
                        {"digest", what.arms[i].digest},
                        {"weight", what.arms[i].weight},
                        {"buckets", ranges_of(what.buckets, i)}});
  return {{"name", what.name},
          {"salt", what.salt},
          {"started", what.started},
          {"changed", what.changed},
          {"stopped", what.stopped ? ordered_json(*what.stopped) : ordered_json()},
          {"versions", std::move(versions)}};
}

/// May throw `json::exception`.
result<experiment> experiment_in(const json& object) {
  experiment read;
  experiment_order order;
  read.name = order.name = object.at("name").get<std::string>();
  read.salt = object.at("salt").get<std::string>();
  read.started = object.at("started").get<std::int64_t>();
  read.changed = object.at("changed").get<std::int64_t>();
  if (!object.at("stopped").is_null())
    read.stopped = object.at("stopped").get<std::int64_t>();
  read.buckets.assign(bucket_count, no_arm);
  for (const auto& one : object.at("versions")) {
    const auto version = one.at("version").get<std::string>();
    order.arms.push_back({version, one.at("digest").get<std::string>(), one.at("weight").get<double>()});
    if (!assign(read.buckets, one.at("buckets").get<std::string>(), order.arms.size() - 1))
      return fail(fault::malformed, "buckets of " + version + ": expected ranges such as 0-4999,7000 below " +
                                        std::to_string(bucket_count) + " that no other version has");
  }
  if (auto checked = check_order(order); !checked)
    return tl::unexpected(checked.error());
  if (std::find(read.buckets.begin(), read.buckets.end(), no_arm) != read.buckets.end())
    return fail(fault::malformed,
                "buckets: expected each of 0 to " + std::to_string(bucket_count - 1) + " to have a version");
  read.arms = std::move(order.arms);
  return read;
}

/// May throw `json::exception`.
result<kept_trials> trials_in(const json& object) {
  kept_trials kept;
  if (const auto found = object.find("experiment"); found != object.end() && !found->is_null()) {
    auto read = experiment_in(*found);
    if (!read)
      return tl::unexpected(read.error());
    kept.latest = std::move(*read);
    constexpr std::int64_t second = 1000;
    kept.ordered = object.value("ordered", kept.latest->stopped.value_or(kept.latest->changed) * second);
  }
  if (const auto found = object.find("shadow"); found != object.end() && !found->is_null()) {
    kept.shadow = shadow_order{found->at("version").get<std::string>(), found->at("share").get<double>()};
    if (!(kept.shadow->share > 0 && kept.shadow->share <= 1))
      return fail(fault::malformed, "shadow: expected a share above 0 and at most 1");
  }
  return kept;
}

} // namespace

result<kept_trials> read_trials(const std::filesystem::path& file) {
  if (is_absent(file))
    return kept_trials();
  const auto text = read_file(file, most_bytes);
  if (!text)
    return tl::unexpected(text.error());
  try {
    auto kept = trials_in(json::parse(*text));
    if (!kept)
      return fail(fault::malformed, file.string() + ": " + kept.error().message);
    return kept;
  } catch (const json::exception& broken) {
    return fail(fault::malformed, file.string() + ": " + broken.what());
  }
}

result<void> write_trials(const std::filesystem::path& file, const kept_trials& kept) {
  ordered_json object;
  object["experiment"] = kept.latest ? object_of(*kept.latest) : ordered_json();
  object["ordered"] = kept.ordered;
  object["shadow"] = kept.shadow
                         ? ordered_json{{"version", kept.shadow->version}, {"share", kept.shadow->share}}
                         : ordered_json();
  return write_file(file, object.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n");
}

result<experiment> parse_experiment(std::string_view text) {
  try {
    return experiment_in(json::parse(text));
  } catch (const json::exception& broken) {
    return fail(fault::malformed, std::string("experiment: ") + broken.what());
  }
}

std::string to_json(const experiment& what) {
  return object_of(what).dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

} // namespace winnow
