#include "tools/winnow-train/earlier_trainings.hpp"

#include "models/evaluation/seen_items.hpp"

namespace winnow {

namespace {

std::vector<std::string> why_seen_by(const training_record& earlier, const train_options& options,
                                     const training_data& data) {
  const double least_rating = options.reading.least_rating;
  if (!options.split.empty())
    return why_seen_in_split(earlier, least_rating);
  return why_seen(earlier, {options.held_back, options.seed, data.split.has_times, data.order.has_value(),
                            least_rating, options.until, options.reading.ties});
}

} // namespace

std::vector<training_record> trainings_that_saw(const model_description& earlier,
                                                const train_options& options, const training_data& data,
                                                const std::string& where, training_observer& observer) {
  std::vector<training_record> saw;
  if (data.split.test.size() == 0)
    return saw;
  auto all = earlier.earlier_trainings;
  all.push_back(earlier.training);
  for (const auto& training : all) {
    const auto why = why_seen_by(training, options, data);
    for (const auto& reason : why)
      observer.note(where + ": " + reason + ": the numbers of this training are optimistic");
    if (!why.empty())
      saw.push_back(training);
  }
  return saw;
}

} // namespace winnow
