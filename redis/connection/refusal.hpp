#pragma once

#include "config/error.hpp"

#include <string>
#include <string_view>

namespace winnow {

/// Private to this folder: what an error reply of Redis means.

/// What an error reply applies to.
enum class refusal_scope {
  key,     ///< This key alone; other keys may work.
  command, ///< This command, whatever its key; other commands may work.
  slot,    ///< The keys that another node of the cluster holds.
  server,  ///< Every command of this kind.
};

struct refusal {
  fault cause = fault::unsupported;
  refusal_scope scope = refusal_scope::server;
  std::string_view meaning; ///< In Winnow's own words, e.g. `Redis is loading its data`.
};

/// Classifies the text of an error reply, by its first word where that is enough.
refusal refusal_of(std::string_view text) noexcept;

/// What clients are told of a server that cannot be reached, or is late, in place of its address.
inline constexpr std::string_view words_for_unreachable = "the profile store cannot be reached";
inline constexpr std::string_view words_for_late = "the profile store did not answer in time";

/// Whether the failure to connect is an error reply of the server, whose public message then has its meaning.
bool is_refusal(const error& failure) noexcept;

/// Whether the text begins with these whole words.
bool begins_with_word(std::string_view text, std::string_view beginning) noexcept;

} // namespace winnow
