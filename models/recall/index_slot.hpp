#pragma once

#include <memory>

namespace winnow {

struct recall_index;

/// Where a model set's approximate index appears once it is ready: what of a model set comes later. Any
/// thread; a search that has begun keeps what it began with.
class index_slot {
public:
  /// Null: candidates are looked for exactly.
  std::shared_ptr<const recall_index> current() const { return std::atomic_load(&index_); }

  void publish(std::shared_ptr<const recall_index> index) { std::atomic_store(&index_, std::move(index)); }

private:
  std::shared_ptr<const recall_index> index_;
};

} // namespace winnow
