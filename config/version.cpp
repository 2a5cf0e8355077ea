#include "config/version.hpp"

namespace winnow {

std::string_view version() noexcept {
  return WINNOW_VERSION;
}

std::string version_text(std::string_view program) {
  std::string text(program);
  text.append(" ").append(version()).append("\n");
  text.append("CAF " WINNOW_CAF_VERSION "\n");
  text.append("Boost " WINNOW_BOOST_VERSION "\n");
  text.append("hiredis " WINNOW_HIREDIS_VERSION "\n");
  text.append("librdkafka " WINNOW_RDKAFKA_VERSION "\n");
  return text;
}

} // namespace winnow
