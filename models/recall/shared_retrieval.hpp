#pragma once

#include "models/recall/retrieval.hpp"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <gsl/span>
#include <mutex>
#include <vector>

namespace winnow {

/// A retrieval that other threads may help with. The thread that calls `retrieve` with it leads; until that
/// call returns, other threads take pieces of the table too. It is meant for small batches, which spend most
/// of their time reading the table, and for idle processors. The lists are the same to the last bit.
class shared_retrieval {
public:
  /// Takes pieces until none is left. Returns at once if the search has not begun or is over. Called on any
  /// thread.
  /// @param work Its `best` is given away.
  void assist(retrieval_scratch& work);

  /// Searches together with the threads that help. This works once; a second batch has to be searched alone.
  /// @param work The prepared queries. Out: in `best` what was found, not finished yet.
  /// @return False if the caller has to search alone, for example because a helper failed.
  bool lead(const embedding_table& items, gsl::span<const retrieval_query> batch, retrieval_scratch& work);

private:
  /// Lets helpers join. Returns false if it was opened before.
  bool open(const embedding_table& items, gsl::span<const retrieval_query> batch,
            const retrieval_scratch& leader);

  /// Lets no more helpers join and waits for those that still work on a piece.
  void close();

  void leave(bool is_done);

  // Set by `open`, and valid for helpers that have joined.
  const embedding_table* items_ = nullptr;
  gsl::span<const retrieval_query> batch_;
  const retrieval_scratch* leader_ = nullptr;
  std::atomic<std::size_t> next_row_{0};

  std::mutex mutex_;
  std::condition_variable left_;
  enum class phase { before, open, closed } phase_ = phase::before;
  std::atomic<std::size_t> helping_{0}; // changed under the mutex; the leader also reads it without
  std::vector<std::vector<best_candidates>> found_;
  bool failed_ = false; ///< A helper did not finish.
};

} // namespace winnow
