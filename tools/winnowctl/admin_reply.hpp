#pragma once

#include "tools/winnowctl/admin_client.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace winnow {

/// By what winnowd's answer to a question is known if it does what is asked: the members of a JSON object.
/// None of them is younger than the endpoint that they belong to, so that older daemons are known as well.
struct reply_shape {
  std::vector<std::string> objects, lists;
  bool is_success = false;        ///< `"status":"success"`, which everything has that changes the daemon.
  bool is_always_refused = false; ///< A winnowd refuses this question.
};

/// What a winnowd answered.
struct admin_reply {
  nlohmann::json body;
  std::optional<std::string> refusal; ///< Why it did not do what was asked.
};

/// Tells the answer of a winnowd's admin endpoint from that of any other server, which also knows `200`.
/// After a refusal, asks once more: a winnowd's REST port refuses in the same words.
/// @param daemon Who gave the answer.
/// @return `unavailable` for the answer of another server, or of a REST port; the message names the address,
/// and
///   what was expected and came.
result<admin_reply> read_reply(const admin_answer& answer, const admin_access& daemon,
                               const reply_shape& expected);

} // namespace winnow
