#include "models/recall/index_effort.hpp"

#include "models/recall/retrieval.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace winnow {

namespace {

// For the half of the users that chooses the effort, so that the other half reaches `least_index_recall`.
constexpr double wanted_recall = 0.99;
constexpr double greatest_share = 0.25;
constexpr float first_effort = 0.5f, last_effort = 8, effort_step = 0.25f;
constexpr std::size_t users_at_once = 16;

/// The queries of some users and their exact answers, to measure an index's recall with.
class recall_sample {
public:
  void add(gsl::span<const float> user, std::size_t count) { queries_.push_back({user, {}, count}); }

  /// Computes the exact answers. Returns false if stopped.
  bool answer(const embedding_table& items, const std::atomic<bool>& stop) {
    retrieval_scratch work;
    return for_batches(stop, [&](gsl::span<const retrieval_query> batch) {
      for (const auto& best : retrieve(items, batch, work)) {
        std::vector<std::uint32_t> found;
        for (const auto& entry : best.found())
          found.push_back(entry.item);
        std::sort(found.begin(), found.end());
        wanted_ += found.size();
        answers_.push_back(std::move(found));
      }
    });
  }

  /// Returns the recall and the share of rows at an effort; nullopt if stopped.
  std::optional<index_effort> measure(const approximate_index& index, const embedding_table& items,
                                      float deviations, const std::atomic<bool>& stop) const {
    index_scratch work;
    std::size_t found = 0, asked = 0;
    const bool done = for_batches(stop, [&](gsl::span<const retrieval_query> batch) {
      for (const auto& best : index.search(items, batch, deviations, work)) {
        const auto& answer = answers_[asked++];
        for (const auto& entry : best.found())
          found += std::binary_search(answer.begin(), answer.end(), entry.item);
      }
    });
    if (!done)
      return std::nullopt;
    const auto rows = static_cast<double>(work.rows_read) / static_cast<double>(queries_.size());
    return index_effort{deviations, static_cast<double>(found) / static_cast<double>(wanted_),
                        rows / static_cast<double>(items.rows())};
  }

private:
  template<class Body>
  bool for_batches(const std::atomic<bool>& stop, const Body& body) const {
    const gsl::span<const retrieval_query> all(queries_);
    for (std::size_t first = 0; first < all.size(); first += users_at_once) {
      if (stop)
        return false;
      body(all.subspan(first, std::min(users_at_once, all.size() - first)));
    }
    return true;
  }

  std::vector<retrieval_query> queries_;
  std::vector<std::vector<std::uint32_t>> answers_; // each ascending
  std::size_t wanted_ = 0;
};

} // namespace

result<index_effort> choose_effort(const approximate_index& index, const embedding_table& items,
                                   gsl::span<const float> users, std::size_t count,
                                   const std::atomic<bool>& stop) {
  const auto stopped = fail(fault::unavailable, "stopped");
  const std::size_t width = items.width(), user_count = users.size() / width;
  if (user_count < 2 || count == 0)
    return fail(fault::not_found, "there are no users to measure recall with");
  recall_sample chosen_by, others;
  for (std::size_t user = 0; user < user_count; ++user)
    (user % 2 == 0 ? chosen_by : others).add(users.subspan(user * width, width), count);
  if (!chosen_by.answer(items, stop) || !others.answer(items, stop))
    return stopped;
  for (float effort = first_effort; effort <= last_effort; effort += effort_step) {
    const auto seen = chosen_by.measure(index, items, effort, stop);
    if (!seen)
      return stopped;
    if (seen->rows_share >= greatest_share)
      break;
    if (seen->recall < wanted_recall)
      continue;
    const auto held = others.measure(index, items, effort, stop);
    if (!held)
      return stopped;
    if (held->recall >= least_index_recall)
      return *held;
  }
  return fail(fault::unsupported,
              "recall " + std::to_string(wanted_recall) + " takes more than a quarter of the table's rows");
}

} // namespace winnow
