#pragma once

#include "models/drift/histogram.hpp"
#include "models/online/list_values.hpp"

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace winnow {

/// How the requests differ from what the models were trained on, lately.
struct drift_report {
  std::uint64_t lists = 0;   ///< Observed since the models came into force.
  double unknown_items = 0;  ///< Share of the histories' items that the models do not know.
  double unknown_users = 0;  ///< Share of the users without an embedding.
  bool has_reference = true; ///< False: the models have no histograms to compare with.
  /// The stability index by name, of the values that the models have histograms of; empty while there are too
  /// few lists.
  std::vector<std::pair<std::string, double>> indices;
};

/// Observes a sample of the lists that are computed. Thread-safe. Nobody waits for it: a list is left out if
/// another one is just being observed.
///
/// Lists count less with time: of those before the last thousand or two, half. With other models the counts
/// start again.
class drift_watch {
public:
  using clock = std::chrono::steady_clock;

  /// At most 20 lists a second are observed, so that the cost does not grow with the load.
  static constexpr auto least_distance = std::chrono::milliseconds(50);
  /// With fewer lists, an index would say more of chance than of the lists.
  static constexpr std::uint64_t least_lists = 200;

  /// Whether the list that was just computed should be observed.
  bool is_due(clock::time_point now) noexcept;

  /// @param by_din, by_ranknet As for `append_values`.
  void observe(const model_set& models, const user_context& user, const ranked_list* by_din,
               const ranked_list* by_ranknet);

  drift_report report() const;

private:
  void begin(const model_set& models);
  void fade();

  std::atomic<clock::rep> next_{0};
  mutable std::mutex mutex_; ///< Guards what follows.
  std::string version_;
  std::shared_ptr<const std::vector<reference_histogram>> reference_;
  std::vector<std::size_t> places_;         ///< By histogram: its value in the order of `watched_values`.
  std::vector<std::vector<double>> counts_; ///< By histogram and bin.
  std::uint64_t lists_ = 0;
  double users_ = 0, unknown_users_ = 0, items_ = 0, unknown_items_ = 0;
  std::vector<std::vector<float>> values_; ///< Of one list.
  stage_feature_scratch work_;
};

} // namespace winnow
