#pragma once

#include "models/recall/retrieval.hpp"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <gsl/span>
#include <mutex>
#include <vector>

namespace winnow {

/// A retrieval that others may help with. Whoever calls `retrieve` with it leads: from then on until that
/// returns, others take pieces of the table, too. It is for small batches, where reading the table takes
/// longest and processors have nothing else to do; the lists are the same to the last bit.
class shared_retrieval {
public:
  /// Takes pieces until none is left; returns at once where there is nothing to do yet, or any more. From any
  /// thread.
  /// @param work Its `best` are given away.
  void assist(retrieval_scratch& work);

  /// Searches with whoever helps, once: a second batch has to be searched alone.
  /// @param work The prepared queries. Out: in `best` what was found, not finished yet.
  /// @return False where it has to be done alone, also because somebody who helped failed.
  bool lead(const embedding_table& items, gsl::span<const retrieval_query> batch, retrieval_scratch& work);

private:
  /// Lets others in, if they have not been before.
  bool open(const embedding_table& items, gsl::span<const retrieval_query> batch,
            const retrieval_scratch& leader);

  /// Lets nobody in any more and waits for those who are still at a piece.
  void close();

  void leave(bool is_done);

  // Set while it is open, and valid for those who have joined.
  const embedding_table* items_ = nullptr;
  gsl::span<const retrieval_query> batch_;
  const retrieval_scratch* leader_ = nullptr;
  std::atomic<std::size_t> next_row_{0};

  std::mutex mutex_;
  std::condition_variable left_;
  enum class phase { before, open, closed } phase_ = phase::before;
  std::atomic<std::size_t> helping_{0}; // changed under the mutex, read by the leader without it
  std::vector<std::vector<best_candidates>> found_;
  bool failed_ = false; ///< Somebody who helped did not come to an end.
};

} // namespace winnow
