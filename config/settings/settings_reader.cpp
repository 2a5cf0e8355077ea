#include "config/settings/settings_reader.hpp"

#include "config/settings/own_variables.hpp"
#include "config/settings/sources/config_file.hpp"
#include "config/settings/sources/config_file_search.hpp"
#include "config/settings/sources/env_file_search.hpp"
#include "config/settings/sources/otel_switches.hpp"
#include "config/settings/sources/service_link.hpp"
#include "config/settings/sources/setting_variables.hpp"
#include "config/settings/suggestion.hpp"
#include "config/settings/table/settings_checks.hpp"
#include "config/text/quoted_text.hpp"
#include "config/text/starts_with.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

namespace winnow {

namespace {

constexpr std::string_view otel_prefix = "OTEL_";

class settings_reader {
public:
  // Reads the sources from weakest to strongest; each overwrites the values of the weaker ones.
  settings_reading read(const command_line& flags, const environment& variables,
                        const std::filesystem::path& directory) {
    find_env(variables, directory);
    take_config(flags, variables);
    take_env_file(variables);
    report_unread_lines();
    take_environment(variables);
    take_flags(flags);
    const auto wrong = check_settings(all_);
    errors_.insert(errors_.end(), wrong.begin(), wrong.end());
    switch_traces_off();
    return finish();
  }

  // The same for some settings, see `read_settings_of`.
  settings_reading read_only(const std::vector<std::string_view>& names, const environment& variables) {
    only_ = names;
    if (names_env_file(variables))
      find_env(variables, {});
    loaded_.warnings = std::exchange(errors_, {}); // a missing file is none: only winnowd warns of it
    take_config({}, variables);
    take_env_file(variables);
    take_environment(variables);
    return finish();
  }

private:
  bool is_asked_for(std::string_view name) const {
    return only_.empty() || std::find(only_.begin(), only_.end(), name) != only_.end();
  }

  bool variable_is_asked_for(std::string_view variable) const {
    if (only_.empty())
      return true;
    const auto* const known = setting_of(variable);
    return known != nullptr && is_asked_for(known->name);
  }

  void complain(const std::string& source, const std::string& problem) {
    errors_.push_back(source + ": " + problem);
  }

  void warn(const std::string& place, const std::string& problem) {
    loaded_.warnings.push_back(place + ": " + problem + "; ignored");
  }

  void take(std::size_t index, std::string_view value, std::string source, std::string_view where) {
    if (auto problem = setting_table()[index].assign(all_.draft, value)) {
      all_.wrong[index] = true;
      complain(std::string(where), *problem);
      return;
    }
    all_.sources[index] = std::move(source);
  }

  void find_env(const environment& variables, const std::filesystem::path& directory) {
    env_ = find_env_file(variables, directory);
    if (!env_.warning.empty())
      loaded_.warnings.push_back(env_.warning);
    if (!env_.problem.empty())
      errors_.push_back(env_.problem);
  }

  void take_config(const command_line& flags, const environment& variables) {
    const auto [file, source] = find_config_file(flags.config_file, variables, env_);
    if (flags.config_file && file.empty())
      complain(source, "expected a file name, got an empty text");
    if (!file.empty())
      take_config_file(file, source);
  }

  void take_config_file(const std::string& file, const std::string& source) {
    const auto entries = read_config_file(file);
    if (!entries) {
      if (only_.empty())
        complain(source, entries.error().message);
      else
        loaded_.warnings.push_back(source + ": " + entries.error().message);
      return;
    }
    std::map<std::string, std::size_t> first_lines;
    for (const auto& entry : *entries) {
      if (!is_asked_for(entry.key))
        continue;
      const auto place = file + ":" + std::to_string(entry.line);
      if (!entry.problem.empty()) {
        complain(place + " " + quoted_text(entry.key), entry.problem);
        continue;
      }
      const auto [first, is_new] = first_lines.emplace(entry.key, entry.line);
      if (!is_new)
        complain(place + " " + entry.key, "set twice, first on line " + std::to_string(first->second));
      else if (const auto index = find_setting(entry.key))
        take(*index, entry.value, place, place + " " + entry.key);
      else
        complain(place, "unknown key " + quoted_text(entry.key) + suggestion(entry.key, all_keys()));
    }
  }

  void take_env_file(const environment& variables) {
    const auto& entries = env_.entries;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const auto& entry = entries[i];
      if (!variable_is_asked_for(entry.name))
        continue;
      const bool is_replaced =
          std::any_of(entries.begin() + static_cast<std::ptrdiff_t>(i) + 1, entries.end(),
                      [&, usual = in_usual_letters(entry.name)](const env_entry& later) {
                        return (later.name == entry.name || later.name == usual) && later.problem.empty();
                      });
      if (is_replaced || is_overridden(entry, variables))
        continue;
      if (!entry.problem.empty()) {
        pass_over(entry);
        continue;
      }
      if (entry.looks_like_comment && setting_of(entry.name) != nullptr)
        loaded_.warnings.push_back(env_.place_of(entry) +
                                   ": the value is \"#\" and the text behind it: only a "
                                   "value before them would make them a comment");
      take_variable(entry.name, entry.value, env_.place_of(entry));
    }
  }

  // A line that cannot be read sets nothing, as for python-dotenv. Only Winnow's own settings must not get
  // lost so, not even mistyped: one of them may be what keeps strangers out.
  void pass_over(const env_entry& entry) {
    const bool is_known = setting_of(entry.name) != nullptr || entry.name == config_variable;
    if (is_known && is_own_variable(entry.name)) {
      complain(env_.place_of(entry), entry.problem);
    } else if (!is_known && is_mistyped_variable(entry.name)) {
      complain(env_.place_of(entry), entry.problem + suggestion(entry.name, all_variables()));
    } else if (is_known) {
      loaded_.warnings.push_back(env_.place_of(entry) + ": " + entry.problem + "; ignored");
    } else if (++unread_lines_ == 1) {
      first_unread_ = std::to_string(entry.line) + ": " + entry.problem;
    }
  }

  // Does not repeat the lines: they may hold secrets of other programs.
  void report_unread_lines() {
    if (unread_lines_ == 1)
      loaded_.warnings.push_back(env_.name + ":" + first_unread_ + "; ignored");
    else if (unread_lines_ > 1)
      loaded_.warnings.push_back(env_.name + ":" + first_unread_ + "; ignored, as are " +
                                 std::to_string(unread_lines_ - 1) + " more lines");
  }

  // Whether the environment sets the same setting: then even a broken entry does not matter.
  static bool is_overridden(const env_entry& entry, const environment& variables) {
    const auto name = in_usual_letters(entry.name);
    const auto* const known = setting_of(name);
    const auto same = variables.find(name);
    return known != nullptr && same != variables.end() && !is_service_address(same->second) &&
           is_set_by(*known, same->second);
  }

  void take_environment(const environment& variables) {
    for (const auto& [name, value] : variables)
      if (const auto usual = in_usual_letters(name); usual == name || variables.count(usual) == 0)
        take_variable(name, value, "environment " + name);
  }

  void take_variable(const std::string& name, const std::string& value, const std::string& place) {
    if (!variable_is_asked_for(name))
      return;
    if (auto unusable = switches_.take(name, value, place); !unusable.empty())
      warn(place, unusable);
    const auto* const found = setting_of(name);
    const bool is_known = found != nullptr || name == config_variable;
    if (is_service_link(name, value)) {
      if (is_known)
        loaded_.warnings.push_back(place + ": ignored, because it describes a service (" +
                                   quoted_text(value) + "), as Kubernetes and Docker links do");
      return;
    }
    if (!is_known) {
      if (is_own_variable(name) && !is_reserved_variable(name))
        take_unknown(name, place);
      return;
    }
    if (found == nullptr || !is_set_by(*found, value))
      return;
    const auto index = static_cast<std::size_t>(found - setting_table().data());
    const auto text = variable_text(*found, value);
    if (starts_with(name, otel_prefix))
      take_otel(index, text, place);
    else
      take(index, text, place, place);
  }

  // The variables of OpenTelemetry are often set for all programs of a machine. Its specification wants a
  // warning and the default in place of a value that a program cannot use.
  void take_otel(std::size_t index, std::string_view value, const std::string& place) {
    if (const auto problem = setting_table()[index].assign(all_.draft, value)) {
      all_.ignored[index] = true;
      warn(place, *problem);
      return;
    }
    all_.sources[index] = place;
  }

  void switch_traces_off() {
    const auto& by = switches_.off_by();
    if (by.empty())
      return;
    for (const auto* name : {"otlp-endpoint", "otlp-traces-endpoint"}) {
      const auto index = find_setting(name).value();
      auto& source = all_.sources[index];
      if (setting_table()[index].print(all_.draft).empty())
        continue;
      if (source.find(otel_prefix) == std::string::npos) // it was asked of Winnow alone
        loaded_.warnings.push_back(source + ": not used, because of " + by);
      static_cast<void>(setting_table()[index].assign(all_.draft, ""));
      source = by;
    }
  }

  void take_unknown(const std::string& name, const std::string& place) {
    if (is_mistyped_variable(name))
      complain(place, "unknown" + suggestion(name, all_variables()));
    else
      loaded_.warnings.push_back(place + ": ignored, because no setting has this name");
  }

  void take_flags(const command_line& flags) {
    errors_.insert(errors_.end(), flags.problems.begin(), flags.problems.end());
    for (const auto& [index, value] : flags.values) {
      const auto source = "flag --" + setting_table()[index].name;
      take(index, value, source, source);
    }
  }

  settings_reading finish() {
    settings_reading reading;
    reading.loaded = std::move(loaded_);
    reading.loaded.origins = origins_of(all_);
    reading.loaded.values = all_.draft.values;
    reading.loaded.values.store.address = address_of_store(all_.draft);
    reading.errors = std::move(errors_);
    return reading;
  }

  static std::vector<std::string> all_keys() {
    std::vector<std::string> keys;
    for (const auto& entry : setting_table())
      keys.push_back(entry.name);
    return keys;
  }

  std::vector<std::string_view> only_; // the settings to read; empty: all
  sourced_settings all_;
  std::vector<std::string> errors_;
  loaded_settings loaded_; // so far only its warnings
  found_env_file env_;
  std::size_t unread_lines_ = 0; // of the `.env` file, of other programs
  std::string first_unread_;
  otel_switches switches_;
};

} // namespace

settings_reading combine_settings(const command_line& flags, const environment& variables,
                                  const std::filesystem::path& directory) {
  return settings_reader().read(flags, variables, directory);
}

settings_reading read_settings_of(const std::vector<std::string_view>& names, const environment& variables) {
  return settings_reader().read_only(names, variables);
}

} // namespace winnow
