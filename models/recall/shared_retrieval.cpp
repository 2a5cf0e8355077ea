#include "models/recall/shared_retrieval.hpp"

#include "models/recall/retrieval_pieces.hpp"

#include <gsl/gsl_util>
#include <hwy/cache_control.h>

namespace winnow {

namespace {

/// Blocks of the screen per piece: they take a few tens of microseconds for one user.
constexpr std::size_t shared_blocks = 16;

} // namespace

bool shared_retrieval::lead(const embedding_table& items, gsl::span<const retrieval_query> batch,
                            retrieval_scratch& work) {
  if (!open(items, batch, work))
    return false;
  {
    // On every path, exceptions included: helpers read what the caller keeps on its stack.
    const auto closing = gsl::finally([this] { close(); });
    prepare_results(batch, shared_blocks, work);
    search_pieces(items, work, next_row_, work);
  }
  if (failed_)
    return false;
  for (const auto& found : found_)
    for (std::size_t q = 0; q < batch.size(); ++q)
      work.best[q].add_all(found[q]);
  return true;
}

bool shared_retrieval::open(const embedding_table& items, gsl::span<const retrieval_query> batch,
                            const retrieval_scratch& leader) {
  const std::lock_guard lock(mutex_);
  if (phase_ != phase::before)
    return false;
  items_ = &items;
  batch_ = batch;
  leader_ = &leader;
  phase_ = phase::open;
  return true;
}

void shared_retrieval::close() {
  {
    const std::lock_guard lock(mutex_);
    phase_ = phase::closed;
  }
  // A helper has at most the rest of a piece to do, which takes less time than sleeping and being woken.
  constexpr int patience = 2000;
  for (int i = 0; helping_ > 0 && i < patience; ++i)
    hwy::Pause();
  std::unique_lock lock(mutex_);
  left_.wait(lock, [this] { return helping_ == 0; });
}

void shared_retrieval::assist(retrieval_scratch& work) {
  {
    const std::lock_guard lock(mutex_);
    if (phase_ != phase::open)
      return;
    ++helping_;
  }
  bool is_done = false;
  const auto leaving = gsl::finally([&] { leave(is_done); });
  prepare_results(batch_, shared_blocks, work);
  search_pieces(*items_, *leader_, next_row_, work);
  const std::lock_guard lock(mutex_);
  found_.push_back(std::move(work.best));
  is_done = true;
}

/// @param is_done If false, the leader lacks what this helper took.
void shared_retrieval::leave(bool is_done) {
  {
    const std::lock_guard lock(mutex_);
    failed_ = failed_ || !is_done;
    --helping_;
  }
  left_.notify_one();
}

} // namespace winnow
