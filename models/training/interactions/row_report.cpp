#include "models/training/interactions/row_report.hpp"

namespace winnow {

namespace {

constexpr std::size_t max_complaints = 10;

} // namespace

result<void> row_report::refuse(const error& reason, const reading_options& options) {
  if (options.strict)
    return tl::unexpected(reason);
  ++refused;
  if (complaints.size() < max_complaints)
    complaints.push_back(reason.message);
  return {};
}

std::string quoted_field(std::string_view text) {
  constexpr std::size_t longest = 40;
  return "\"" + std::string(text.substr(0, longest)) + (text.size() > longest ? "…\"" : "\"");
}

} // namespace winnow
