#include "config/settings/cascade_widths.hpp"

#include <algorithm>

namespace winnow {

cascade_widths widths_for(const cascade_settings& asked, const cascade_widths& others) noexcept {
  cascade_widths widths;
  widths.candidates = asked.candidates.value_or(others.candidates);
  if (!asked.candidates)
    widths.candidates =
        std::max({widths.candidates, asked.din_keep.value_or(1), asked.ranknet_keep.value_or(1)});
  widths.din_keep =
      asked.din_keep.value_or(std::clamp(others.din_keep, asked.ranknet_keep.value_or(1), widths.candidates));
  widths.ranknet_keep = asked.ranknet_keep.value_or(std::min(others.ranknet_keep, widths.din_keep));
  return widths;
}

} // namespace winnow
