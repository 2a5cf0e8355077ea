#include "models/training/in_batch_softmax.hpp"

#include "models/training/networks/training_kernels.hpp"

#include <algorithm>
#include <cblas.h>
#include <cmath>
#include <numeric>

namespace winnow {

namespace {

constexpr float excluded = -1e30f; // a score that gets no share
constexpr std::size_t groups_a_thread =
    16; // before their gradients are added up: few enough for the last cache

blasint size_of(std::size_t size) {
  return static_cast<blasint>(size);
}

std::vector<float> log_probabilities(const item_lists& train, std::size_t items) {
  std::vector<double> sum(items, 0);
  double users = 0;
  for (std::size_t user = 0; user < train.users(); ++user) {
    const auto taken = train.of(user);
    users += taken.empty() ? 0 : 1;
    for (const auto item : taken)
      sum[item] += 1 / static_cast<double>(taken.size());
  }
  std::vector<float> logs(items, 0); // an item that nobody took is never drawn
  for (std::size_t item = 0; item < items; ++item)
    if (sum[item] > 0)
      logs[item] = static_cast<float>(std::log(sum[item] / users));
  return logs;
}

} // namespace

/// The rows and scores of a group, one row per pair.
struct in_batch_softmax::workspace {
  workspace(gsl::span<const pair> pairs, const embedding_rows& output)
      : users(pairs.size(), output.width()), items(pairs.size(), output.width()),
        scores(pairs.size(), pairs.size()) {
    for (std::size_t i = 0; i < users.rows(); ++i) {
      std::copy_n(output.row(pairs[i].user), users.stride(), users.row(i));
      std::copy_n(output.row(pairs[i].item), items.stride(), items.row(i));
    }
  }

  embedding_rows users, items;
  embedding_rows scores; ///< Then the loss's gradients with respect to them.
};

in_batch_softmax::in_batch_softmax(const item_lists& train, std::size_t items, std::size_t group,
                                   thread_team& team)
    : train_(train), group_(group), team_(team), log_probability_(log_probabilities(train, items)) {}

double in_batch_softmax::add_gradients(gsl::span<const pair> pairs, const embedding_rows& output,
                                       double scale, embedding_rows& gradient) {
  openblas_set_num_threads(1); // the team divides the work
  const auto count = static_cast<std::size_t>(pairs.size());
  const auto at_once = groups_a_thread * team_.size() * group_;
  const auto pull = static_cast<float>(scale / static_cast<double>(count));
  double loss = 0;
  for (std::size_t first = 0; first < count; first += at_once) {
    const auto some = pairs.subspan(first, std::min(at_once, count - first));
    loss = run_groups(some, output, pull, loss);
    // Users and items have rows of their own. The order of a row's sum must not depend on the threads.
    team_.run(2, [&](std::size_t side) {
      auto& from = side == 0 ? user_gradients_ : item_gradients_;
      for (std::size_t i = 0; i < static_cast<std::size_t>(some.size()); ++i)
        kernels::add_scaled(1, from.row(i), output.stride(),
                            gradient.row(side == 0 ? some[i].user : some[i].item));
    });
  }
  return loss / static_cast<double>(count);
}

/// Computes the gradients of some whole groups. @return The loss so far plus theirs, added one by one.
double in_batch_softmax::run_groups(gsl::span<const pair> pairs, const embedding_rows& output, float pull,
                                    double loss) {
  const auto count = static_cast<std::size_t>(pairs.size());
  if (user_gradients_.rows() < count)
    user_gradients_ = item_gradients_ = embedding_rows(count, output.width());
  losses_.assign((count + group_ - 1) / group_, 0);
  team_.run(losses_.size(), [&](std::size_t at) {
    const auto first = at * group_;
    losses_[at] = run_group(pairs.subspan(first, std::min(group_, count - first)), first, output, pull);
  });
  return std::accumulate(losses_.begin(), losses_.end(), loss);
}

/// Computes the gradients of the pairs from `first` on. @return The sum of their losses.
double in_batch_softmax::run_group(gsl::span<const pair> pairs, std::size_t first,
                                   const embedding_rows& output, float pull) {
  workspace work(pairs, output);
  const auto count = size_of(work.users.rows());
  const auto stride = size_of(output.stride()), wide = size_of(work.scores.stride());
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, count, count, stride, 1, work.users.row(0), stride,
              work.items.row(0), stride, 0, work.scores.row(0), wide);
  const double loss = differentiate(pairs, pull, work);
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, count, stride, count, 1, work.scores.row(0), wide,
              work.items.row(0), stride, 0, user_gradients_.row(first), stride);
  cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, count, stride, count, 1, work.scores.row(0), wide,
              work.users.row(0), stride, 0, item_gradients_.row(first), stride);
  return loss;
}

/// Replaces the scores by the gradients with respect to them. @return The sum of the losses.
double in_batch_softmax::differentiate(gsl::span<const pair> pairs, float pull, workspace& work) const {
  const auto count = static_cast<std::size_t>(pairs.size());
  const auto item_of = [&](std::size_t i) { return pairs[i].item - train_.users(); };
  std::vector<std::uint32_t> taken_by(log_probability_.size(),
                                      0); // the last pair, from 1, whose user took it
  double loss = 0;
  for (std::size_t i = 0; i < count; ++i) {
    auto* scores = work.scores.row(i);
    const auto mark = static_cast<std::uint32_t>(i + 1);
    for (const auto item : train_.of(pairs[i].user))
      taken_by[item] = mark;
    for (std::size_t j = 0; j < count; ++j)
      scores[j] =
          j != i && taken_by[item_of(j)] == mark ? excluded : scores[j] - log_probability_[item_of(j)];
    loss -= kernels::softmax_row(scores, count, i);
    scores[i] -= 1;
    for (std::size_t j = 0; j < count; ++j)
      scores[j] *= pull;
  }
  return loss;
}

} // namespace winnow
