#include "config/settings/values/cascade_widths.hpp"

#include <algorithm>

namespace winnow {

cascade_widths widths_for(const cascade_settings& requested, const cascade_widths& others) noexcept {
  cascade_widths widths;
  widths.candidates = requested.candidates.value_or(others.candidates);
  if (!requested.candidates)
    widths.candidates =
        std::max({widths.candidates, requested.din_keep.value_or(1), requested.ranknet_keep.value_or(1)});
  widths.din_keep = requested.din_keep.value_or(
      std::clamp(others.din_keep, requested.ranknet_keep.value_or(1), widths.candidates));
  widths.ranknet_keep = requested.ranknet_keep.value_or(std::min(others.ranknet_keep, widths.din_keep));
  return widths;
}

} // namespace winnow
