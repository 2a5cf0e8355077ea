#include "tools/winnowctl/refusal.hpp"

#include "tools/winnowctl/text_columns.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>

namespace winnow {

int refuse(int exit_code, const std::string& message, bool json) {
  std::fprintf(stderr, "winnowctl: %s\n", harmless(message).c_str());
  if (json) {
    const nlohmann::json body{{"error", message}};
    // Messages may quote the environment, which need not be UTF-8.
    const auto text = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    std::printf("%s\n", text.c_str());
  }
  return exit_code;
}

} // namespace winnow
