#include "models/explanation.hpp"

#include <algorithm>
#include <cmath>

namespace winnow {

namespace {

/// Returns, for each position of the history, the last position with the same item. Unknown items are never
/// treated as the same.
std::vector<std::size_t> last_positions(gsl::span<const std::uint32_t> history) {
  std::vector<std::size_t> last(history.size());
  for (std::size_t at = 0; at < history.size(); ++at) {
    last[at] = at;
    for (std::size_t later = history.size() - 1; history[at] != unknown_item && later > at; --later)
      if (history[later] == history[at]) {
        last[at] = later;
        break;
      }
  }
  return last;
}

/// @param sums A buffer as long as the history.
attention_peak peak_of(gsl::span<const float> weights, gsl::span<const std::size_t> last,
                       gsl::span<float> sums) {
  std::fill(sums.begin(), sums.end(), 0.0f);
  for (std::size_t at = 0; at < weights.size(); ++at)
    sums[last[at]] += weights[at];
  const auto peak = std::max_element(sums.begin(), sums.end());
  return {static_cast<std::size_t>(peak - sums.begin()), std::min(*peak, 1.0f)};
}

} // namespace

std::vector<attention_peak> explain(const model_set& models, const user_context& user,
                                    gsl::span<const std::uint32_t> items, din_model::scratch& work) {
  gsl::span<const std::uint32_t> history(user.history);
  history = history.last(std::min(history.size(), din_model::history_limit));
  std::vector<float> weights(items.size() * history.size());
  models.din->attend(models.din_rows(), items, history, work, weights);
  if (history.empty() ||
      std::any_of(weights.begin(), weights.end(), [](float weight) { return std::isnan(weight); }))
    return {};

  const auto last = last_positions(history);
  std::vector<float> sums(history.size());
  std::vector<attention_peak> peaks;
  peaks.reserve(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    auto peak =
        peak_of(gsl::span<const float>(weights).subspan(i * history.size(), history.size()), last, sums);
    peak.position += user.history.size() - history.size();
    peaks.push_back(peak);
  }
  return peaks;
}

} // namespace winnow
