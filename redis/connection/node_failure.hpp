#pragma once

#include "config/error.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace winnow {

/// Private to this folder and those beside it: why one node of a cluster serves none of its keys. It travels
/// as the text of an error reply, as if a node had sent it: `CLUSTERDOWN node ADDRESS: WORDS (SOURCE)`.
struct node_failure {
  std::string_view address;
  std::string_view words; ///< Winnow's own, which do not name the address.
};

/// @param source What was met, for the log.
std::string text_of_node_failure(std::string_view address, std::string_view words, std::string_view source);

/// Of a node that lets nobody in, cannot be reached, or was lost.
std::string text_of_node_failure(std::string_view address, const error& reason);

/// Of a node that cannot serve at present, as it says itself; nullopt if the reply says nothing of that kind.
/// @param refusal_text Of an error reply.
std::optional<std::string> text_of_node_refusal(std::string_view address, std::string_view refusal_text);

/// The inverse; nullopt if the text of an error reply is of another kind. The parts are of this text.
std::optional<node_failure> node_failure_of(std::string_view refusal_text) noexcept;

} // namespace winnow
