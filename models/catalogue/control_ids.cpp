#include "models/catalogue/control_ids.hpp"

#include "config/log/log.hpp"

namespace winnow {

void control_ids::report(const char* component, const std::filesystem::path& file) {
  if (count_ > 0)
    log_event(log_level::warning, component, "ids have control characters, which few profiles will have",
              {{"file", file.string()}, {"ids", count_}, {"example", example_}});
  *this = {};
}

} // namespace winnow
