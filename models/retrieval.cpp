#include "models/retrieval.hpp"

#include "models/shared_retrieval.hpp"

#include <algorithm>
#include <hwy/cache_control.h>

namespace winnow {

namespace {

/// Blocks that are summed for all users before the best of their rows are looked for: the more, the better
/// the limit by which they are, but the sums should stay in the cache.
std::size_t blocks_at_once(std::size_t users) {
  constexpr std::size_t sums = std::size_t{1} << 17U; // 256 kB
  return std::max(std::min(sums / users, sums / 4) / kernels::block_rows, std::size_t{1});
}

/// As many rows of the table as a thread takes at once from a retrieval that is shared: a few tens of
/// microseconds for one user.
constexpr std::size_t shared_blocks = 16;

/// Turns what each query excludes into positions of the screen, and the queries into bytes.
void prepare_queries(const embedding_table& items, gsl::span<const retrieval_query> batch,
                     retrieval_scratch& work) {
  work.queries.reset(items.screen(), batch.size());
  work.excluded.clear();
  work.end_excluded.clear();
  for (const auto& query : batch) {
    work.queries.append(query.user);
    const std::size_t begin = work.excluded.size();
    for (const auto item : query.excluded)
      if (item < items.rows())
        work.excluded.push_back(items.position(item));
    std::sort(work.excluded.begin() + static_cast<std::ptrdiff_t>(begin), work.excluded.end());
    work.end_excluded.push_back(work.excluded.size());
  }
}

/// Makes room for what a batch finds.
void prepare_results(gsl::span<const retrieval_query> batch, std::size_t blocks, retrieval_scratch& work) {
  work.sums.resize(batch.size(), blocks);
  if (work.best.size() < batch.size())
    work.best.resize(batch.size());
  for (std::size_t q = 0; q < batch.size(); ++q)
    work.best[q].reset(batch[q].count);
}

/// The positions of what a query excludes.
gsl::span<const std::uint32_t> excluded(std::size_t query, const retrieval_scratch& work) {
  const std::size_t begin = query == 0 ? 0 : work.end_excluded[query - 1];
  return {work.excluded.data() + begin, work.end_excluded[query] - begin};
}

/// Whether the rows from a block on are too short for all queries: they stand by falling length.
bool all_beaten(const row_screen& screen, std::size_t block, gsl::span<const kernels::screen_query> queries,
                gsl::span<const best_candidates> best) {
  for (std::size_t q = 0; q < queries.size(); ++q)
    if (!(screen.greatest_product(block, queries[q]) < best[q].limit()))
      return false;
  return true;
}

/// Offers `work.best` what may be among the best of the rows that are left, a piece at a time.
/// @param prepared The queries, perhaps another thread's.
/// @param next_row The first row that nobody has taken.
void search_pieces(const embedding_table& items, const retrieval_scratch& prepared,
                   std::atomic<std::size_t>& next_row, retrieval_scratch& work) {
  const auto& screen = items.screen();
  const auto& queries = prepared.queries.all();
  const std::size_t piece = work.sums.room;
  for (std::size_t first = next_row.fetch_add(piece); first < screen.rows();
       first = next_row.fetch_add(piece)) {
    if (all_beaten(screen, first / kernels::block_rows, queries, work.best))
      break;
    const std::size_t rows = std::min(piece, screen.rows() - first);
    work.sums.compute(screen, queries, first, rows);
    for (std::size_t q = 0; q < queries.size(); ++q) {
      const std::size_t struck = work.sums.strike_out(q, excluded(q, prepared), first);
      offer_screened(screen, queries[q], q, struck, work.sums, work.best[q],
                     [&](std::size_t position) { return items.item_at(position); });
    }
  }
}

} // namespace

gsl::span<const best_candidates> retrieve(const embedding_table& items,
                                          gsl::span<const retrieval_query> batch, retrieval_scratch& work,
                                          shared_retrieval* shared) {
  if (batch.empty())
    return {};
  prepare_queries(items, batch, work);
  prepare_results(batch, shared ? shared_blocks : blocks_at_once(batch.size()), work);
  if (shared) {
    shared->open(items, batch, work);
    search_pieces(items, work, shared->next_row_, work);
    shared->close(work.best);
  } else {
    std::atomic<std::size_t> next_row{0};
    search_pieces(items, work, next_row, work);
  }
  for (std::size_t q = 0; q < batch.size(); ++q)
    work.best[q].finish(items, batch[q].user);
  return {work.best.data(), batch.size()};
}

void shared_retrieval::assist(retrieval_scratch& work) {
  if (!join())
    return;
  prepare_results(batch_, shared_blocks, work);
  search_pieces(*items_, *leader_, next_row_, work);
  leave(std::move(work.best));
}

bool shared_retrieval::join() {
  const std::lock_guard lock(mutex_);
  if (phase_ != phase::open)
    return false;
  ++helping_;
  return true;
}

void shared_retrieval::leave(std::vector<best_candidates> found) {
  {
    const std::lock_guard lock(mutex_);
    found_.push_back(std::move(found));
    --helping_;
  }
  left_.notify_one();
}

void shared_retrieval::open(const embedding_table& items, gsl::span<const retrieval_query> batch,
                            const retrieval_scratch& leader) {
  const std::lock_guard lock(mutex_);
  if (phase_ != phase::before)
    return;
  items_ = &items;
  batch_ = batch;
  leader_ = &leader;
  phase_ = phase::open;
}

void shared_retrieval::close(gsl::span<best_candidates> best) {
  {
    const std::lock_guard lock(mutex_);
    phase_ = phase::closed;
  }
  // Whoever still helps has at most the rest of a piece to do, which takes less time than to sleep and be
  // woken.
  constexpr int patience = 2000;
  for (int i = 0; helping_ > 0 && i < patience; ++i)
    hwy::Pause();
  std::unique_lock lock(mutex_);
  left_.wait(lock, [this] { return helping_ == 0; });
  for (const auto& found : found_)
    for (std::size_t q = 0; q < batch_.size(); ++q)
      best[q].add_all(found[q]);
  found_.clear();
  next_row_ = 0;
}

} // namespace winnow
