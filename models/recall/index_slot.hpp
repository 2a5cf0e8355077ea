#pragma once

#include <memory>

namespace winnow {

struct recall_index;

/// Holds a model set's approximate index, the only part of the set that is published after loading. Safe on
/// any thread; a search keeps the index with which it began.
class index_slot {
public:
  /// Returns the index; null while candidates are found by exact retrieval.
  std::shared_ptr<const recall_index> current() const { return std::atomic_load(&index_); }

  void publish(std::shared_ptr<const recall_index> index) { std::atomic_store(&index_, std::move(index)); }

private:
  std::shared_ptr<const recall_index> index_;
};

} // namespace winnow
