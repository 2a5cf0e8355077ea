#include "models/catalogue/control_ids.hpp"

#include "config/log/log.hpp"

namespace winnow {

bool has_control(std::string_view text) noexcept {
  unsigned char before = 0;
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    // In UTF-8, U+0080 to U+009F are C2 and the number itself.
    if (byte < 0x20 || byte == 0x7F || (before == 0xC2 && byte < 0xA0))
      return true;
    before = byte;
  }
  return false;
}

void control_ids::report(const char* component, const std::filesystem::path& file) {
  if (count_ > 0)
    log_event(log_level::warning, component, "ids have control characters, which few profiles will have",
              {{"file", file.string()}, {"ids", count_}, {"example", example_}});
  *this = {};
}

} // namespace winnow
