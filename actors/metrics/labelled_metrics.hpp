#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <prometheus/family.h>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// Caches the metrics of a family by their label values. `Family::Add` builds and hashes a map of strings
/// even for an existing metric, and each request paid for that a dozen times. There are few label values, so
/// linear search is fastest. Thread-safe.
template<class Metric, std::size_t Labels>
class labelled_metrics {
public:
  using names = std::array<const char*, Labels>;
  using values = std::array<std::string_view, Labels>;
  using labels = std::map<std::string, std::string>;

  /// @param family Must outlive this object.
  /// @param arguments Passed to `Family::Add` after the labels.
  template<class... Arguments>
  labelled_metrics(prometheus::Family<Metric>& family, names label_names, Arguments... arguments)
      : names_(label_names),
        make_([&family, arguments...](const labels& given) { return &family.Add(given, arguments...); }) {}

  /// Returns the metric with these label values; creates it if missing.
  Metric& at(const values& wanted) {
    const std::lock_guard lock(mutex_);
    for (const auto& one : known_)
      if (std::equal(wanted.begin(), wanted.end(), one.values.begin()))
        return *one.metric;
    entry added;
    std::copy(wanted.begin(), wanted.end(), added.values.begin());
    added.metric = make_(labels_of(wanted));
    known_.push_back(added);
    return *added.metric;
  }

  /// Creates the metric, so that it is exported before it is first written. Does not slow down `at` for
  /// metrics in use.
  void expose(const values& wanted) const { make_(labels_of(wanted)); }

private:
  struct entry {
    std::array<std::string, Labels> values;
    Metric* metric = nullptr;
  };

  labels labels_of(const values& wanted) const {
    labels given;
    for (std::size_t i = 0; i < Labels; ++i)
      given.emplace(names_[i], wanted[i]);
    return given;
  }

  const names names_;
  const std::function<Metric*(const labels&)> make_;
  std::mutex mutex_;
  std::vector<entry> known_;
};

} // namespace winnow
