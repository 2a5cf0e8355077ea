#include "tools/winnow-bench/training_log.hpp"

#include <algorithm>
#include <cstdlib>
#include <regex>

namespace winnow::bench {

void training_log::add(const std::string& line, double seconds) {
  // `LightGCN epoch 3/100: …, validation recall@100 0.1234, …`, and the same without an epoch of the start.
  static const std::regex told("LightGCN(?:: | epoch ([0-9]+)/.*)validation recall@[0-9]+ (?:of the "
                               "embeddings to start from: )?([0-9.]+).*");
  std::smatch found;
  if (std::regex_match(line, found, told))
    validations_.push_back({std::strtoul(found.str(1).c_str(), nullptr, 10),
                            std::strtod(found.str(2).c_str(), nullptr), seconds});
}

const training_log::validation& training_log::best() const {
  return *std::max_element(validations_.begin(), validations_.end(),
                           [](const auto& a, const auto& b) { return a.recall < b.recall; });
}

const training_log::validation& training_log::first_within(double share) const {
  const auto enough = best().recall * (1 - share);
  return *std::find_if(validations_.begin(), validations_.end(),
                       [&](const auto& one) { return one.recall >= enough; });
}

} // namespace winnow::bench
