#include "tools/winnow-train/store_histories.hpp"

#include "config/log/log.hpp"
#include "config/settings/settings_reader.hpp"
#include "models/training/interactions/history_log.hpp"
#include "models/training/interactions/row_report.hpp"
#include "redis/newest_profiles.hpp"
#include "redis/store_factory.hpp"

#include <filesystem>

namespace winnow {

namespace {

// The store may be slow while a daemon works with it; nobody waits for this program.
constexpr auto patience = std::chrono::seconds(10);

const char* reason_of(fault cause) {
  switch (cause) {
  case fault::conflict:
    return "of another type";
  case fault::not_found:
    return "removed meanwhile";
  case fault::too_large:
    return "too large";
  default:
    return "that are no JSON array of item ids";
  }
}

/// Failures to connect name the store already, refused commands do not.
error naming(const std::string& source, error why) {
  if (why.message.rfind(source, 0) != 0)
    why.message.insert(0, source + ": ");
  return why;
}

/// Takes the profiles over into a log.
class profile_intake {
public:
  explicit profile_intake(bool strict) { options_.strict = strict; }

  result<void> take(const profile_key& key, const result<parsed_profile>& read) {
    ++report_.rows;
    if (!read)
      return report_.refuse(read.error(), options_, reason_of(read.error().cause));
    if (read->items.empty()) {
      ++empty_;
      return {};
    }
    items_cut_ += read->left_out;
    histories_.add(key.user_id, read->items);
    return {};
  }

  std::vector<std::string> notes(const std::string& source, const newest_profiles& found) const {
    auto lines = report_.complaints;
    if (report_.refused > lines.size())
      lines.push_back("… and " + std::to_string(report_.refused - lines.size()) +
                      " more profiles that could not be read");
    std::string details;
    const auto count = [&](std::uint64_t number, const std::string& what) {
      if (number > 0)
        details += (details.empty() ? "; left out: " : ", ") + std::to_string(number) + " " + what;
    };
    for (const auto& [what, number] : report_.reasons)
      count(number, what);
    count(empty_, "empty");
    count(found.older, "older than their user's newest");
    lines.push_back(source + ": " + std::to_string(report_.rows + found.older) + " profiles, " +
                    std::to_string(report_.rows - report_.refused - empty_) + " used" + details);
    if (histories_.damaged() > 0)
      lines.push_back(source + ": left out of the histories: " + std::to_string(histories_.damaged()) +
                      " items whose ids are blank or have control characters");
    if (histories_.repeated() > 0 || items_cut_ > 0)
      lines.push_back(source + ": left out of the histories: " + std::to_string(histories_.repeated()) +
                      " repeated items, " + std::to_string(items_cut_) + " beyond the longest history");
    return lines;
  }

  interaction_log log() && { return std::move(histories_).take(); }

private:
  history_log histories_;
  reading_options options_;
  row_report report_;
  std::uint64_t empty_ = 0, items_cut_ = 0;
};

} // namespace

result<store_settings> store_to_read(const std::string& address) {
  store_settings settings;
  if (address == store_of_environment) {
    const auto read = combine_settings({}, process_environment(), std::filesystem::current_path());
    if (!read.errors.empty())
      return fail(fault::invalid_argument, "--from-store env:: " + read.errors.front());
    for (const auto& warning : read.loaded.warnings) // the store may be another than was meant
      log_event(log_level::warning, "settings", "ignored", {{"what", warning}});
    settings = read.loaded.values.store;
  } else {
    auto parsed = parse_store_address(address);
    if (!parsed)
      return fail(parsed.error().cause, "--from-store: " + parsed.error().message);
    settings.address = std::move(*parsed);
  }
  if (settings.address.transport == store_address::kind::memory)
    return fail(fault::invalid_argument,
                "--from-store memory: begins empty; expected redis://, unix://, file: or env:");
  settings.command_timeout = std::max<std::chrono::milliseconds>(settings.command_timeout, patience);
  return settings;
}

result<store_histories> read_store_histories(const store_settings& settings, bool strict) {
  const auto source = to_string(settings.address);
  std::error_code ignored;
  // Opening would create it.
  if (settings.address.transport == store_address::kind::file &&
      !std::filesystem::is_directory(settings.address.path, ignored))
    return fail(fault::not_found, source + ": expected the directory of a store, got none");
  log_threshold(log_level::warning);
  auto opened = open_store(settings);
  if (!opened)
    return tl::unexpected(opened.error());
  profile_intake intake(strict);
  const auto found = read_newest_profiles(
      *opened->background_store,
      [&](const profile_key& key, const result<parsed_profile>& read) { return intake.take(key, read); });
  if (!found)
    return tl::unexpected(naming(source, found.error()));
  auto notes = intake.notes(source, *found);
  auto log = std::move(intake).log();
  if (log.events.empty())
    return fail(fault::malformed, notes.back() + ": expected at least one history");
  return store_histories{std::move(log), source, std::move(notes)};
}

} // namespace winnow
