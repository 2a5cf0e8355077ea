#pragma once

#include "config/text/control_characters.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace winnow {

/// Counts the ids of a file that have control characters. They are served, because a profile may hold them,
/// too; but they mostly come from a broken export, and then match no profile.
class control_ids {
public:
  void look_at(std::string_view id) {
    if (has_control(id) && ++count_ == 1)
      example_ = id;
  }

  /// If there were any, logs how many, and the first one, which the log escapes. Then counts from zero.
  void report(const char* component, const std::filesystem::path& file);

private:
  std::size_t count_ = 0;
  std::string example_;
};

} // namespace winnow
