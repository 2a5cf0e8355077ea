#pragma once

#include "actors/kafka/message_parser.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// Private to this folder: the fields of a message, before anybody asks whether they are right.

/// The value of one field.
struct message_value {
  enum class kind { missing, text, list, other }; ///< `missing`: or null. `text`: or a number, as written.
  kind what = kind::missing;
  std::string text = {};         ///< Of `text`.
  std::string_view other = "";   ///< Of `other`: its type with an article.
  std::string problem = {};      ///< Of `list`: what is wrong with its first wrong element; empty: nothing.
  std::string described() const; ///< For messages: what came.
};

/// The fields that a message may have. If a field occurs twice, the last one counts, as in Python.
struct message_fields {
  message_value user_id, history, timestamp, item_id, action;
  std::vector<std::string> items; ///< Of `history`.
};

/// Reads a JSON object. What is nested deeper or has other names is skipped.
/// @return The fields, or `not_json`.
parsed_message<message_fields> read_message_fields(std::string_view payload);

} // namespace winnow
