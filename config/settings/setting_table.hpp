#pragma once

#include "config/settings/settings.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// The settings while the sources are read one over the other.
struct settings_draft {
  settings values;                    ///< `redis-*` settings write into `values.store.address`.
  std::optional<store_address> store; ///< The whole address where `store` is set: it wins over the parts.
};

/// One setting: flag, key, environment name, help, reading and printing all follow from this one description.
struct setting {
  std::string name;        ///< `--name`, and the key in the config file.
  std::string environment; ///< The name in the environment and in the `.env` file.
  std::string group;       ///< Heading in the help.
  std::string value_name;  ///< What the value is, with its unit: `BYTES`, `DURATION`.
  std::string help;
  std::string range;      ///< Which values are right, for the help; empty: any text.
  bool is_switch = false; ///< The flag alone means `true`.
  bool empty_is_value =
      false; ///< An empty text is a value of its own; else an empty environment value means "not set".
  std::string otherwise = "default"; ///< Where the value is from that counts where no source sets one.

  /// Takes the text over into the draft. What is wrong with it otherwise: "expected …, got …".
  std::function<std::optional<std::string>(settings_draft&, std::string_view)> assign;
  /// The draft's value as text; secrets are masked.
  std::function<std::string(const settings_draft&)> print;
};

/// Every setting, in the order of help and `--print-config`.
const std::vector<setting>& setting_table();

/// The index in the table of the setting with this name; nothing where there is none.
std::optional<std::size_t> find_setting(std::string_view name);

/// Two settings of which the first must not be larger than the second. A default gives way: who asks for 30
/// candidates need not say that no more than 30 can be kept of them.
struct order_rule {
  std::string_view smaller;
  std::string_view larger;
  std::function<bool(const settings&)> holds;
  std::function<void(settings&)> lower; ///< Makes the first as small as the second.
};

const std::vector<order_rule>& order_rules();

} // namespace winnow
