#pragma once

#include "config/settings/settings.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// The settings while the sources are being read.
struct settings_draft {
  settings values;                    ///< `redis-*` settings write into `values.store.address`.
  std::optional<store_address> store; ///< The value of `store`; overrides the parts.
};

/// The store's address: the value of `store`, in which the files of TLS and the credentials of sentinels that
/// it does not state come from the `redis-*` settings; without it, all of them do.
store_address address_of_store(const settings_draft& draft);

/// One setting. Its flag, key, environment name, help, parsing and printing all come from this description.
struct setting {
  std::string name;        ///< `--name`, and the key in the config file.
  std::string environment; ///< The name in the environment and in the `.env` file.
  std::string group;       ///< Heading in the help.
  std::string value_name;  ///< Kind or unit of the value: `BYTES`, `DURATION`.
  std::string help;
  std::string range;      ///< The valid values, for the help; empty: any text.
  bool is_switch = false; ///< The flag alone means `true`.
  bool is_list = false;   ///< The flag may be repeated; its values are joined with line feeds.
  /// Whether an empty text is a value. If not, an empty environment variable counts as not set.
  bool empty_is_value = false;
  bool blanks_count = true;          ///< Whether blanks around the text of a variable belong to the value.
  std::string otherwise = "default"; ///< The origin of the value if no source sets it.

  /// Parses the text into the draft. Returns nullopt if it is valid, else "expected …, got …".
  std::function<std::optional<std::string>(settings_draft&, std::string_view)> assign;
  /// The draft's value as text; secrets are masked.
  std::function<std::string(const settings_draft&)> print;
};

/// Every setting, in the order of help and `--print-config`.
const std::vector<setting>& setting_table();

/// Returns the table index of the setting with this name, or nullopt.
std::optional<std::size_t> find_setting(std::string_view name);

/// Two settings, the first of which must not be larger than the second. A default is lowered if necessary: if
/// max-in-flight is set to 16, the default of background-in-flight becomes 16, too.
struct order_rule {
  std::string_view smaller;
  std::string_view larger;
  std::function<bool(const settings&)> holds;
  std::function<void(settings&)> lower; ///< Sets the first to the value of the second.
};

const std::vector<order_rule>& order_rules();

} // namespace winnow
