#pragma once

#include "models/kernels/kernels.hpp"

#include <hwy/targets.h>
#include <string>

namespace winnow {

/// Runs `body` with each instruction set that this processor supports. Passes its name.
template<class Body>
void with_each_instruction_set(const Body& body) {
  const auto all = hwy::SupportedTargets();
  for (auto left = all; left != 0; left &= left - 1) {
    hwy::SetSupportedTargetsForTest(left & -left);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    body(std::string(kernels::instruction_set()));
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

} // namespace winnow
