#pragma once

#include "models/catalogue/feature_table.hpp"
#include "models/training/networks/column_scale.hpp"
#include "models/training/networks/parameter.hpp"
#include "models/training/networks/trainable_mlp.hpp"
#include "models/training/support/thread_team.hpp"

#include <gsl/span>
#include <memory>
#include <vector>

namespace winnow {

/// One training example: a user with this history took the first of these candidates.
struct ranking_group {
  /// The most recent items, oldest first; none is later than the first candidate.
  gsl::span<const std::uint32_t> history;
  gsl::span<const std::uint32_t> candidates; ///< At least two.
};

struct din_shape {
  std::size_t id_width = 16;        ///< Width of the vector that DIN learns for each item.
  std::size_t embedding_width = 64; ///< D; a multiple of 16.
  std::size_t channels = 64;        ///< Attention channels; a multiple of 16.
  std::vector<std::size_t> hidden = {128, 64};
  double dropout = 0.1;
};

/// DIN in training: the network that models/ranking/din.hpp serves, with its backward pass.
///
/// The features of an item are `fixed` columns and a vector that is learned here and exported as more
/// columns. The loss of a group is the softmax cross-entropy of its first candidate.
class din_network {
public:
  /// @param fixed items × F; must outlive the network.
  /// @param scale Standardises the columns of `fixed`; `tensors` folds it into the weights.
  din_network(const feature_table& fixed, column_scale scale, std::size_t items, const din_shape& shape,
              std::uint64_t seed, thread_team& team);
  ~din_network();
  din_network(din_network&&) noexcept;

  /// Starts from the weights of an earlier training in the place of random ones.
  /// @param weights Its columns are those of `fixed`, and then those of the id vectors.
  /// @param ids items × `id_width`. @return `unsupported` if they do not fit; then the network is of no use.
  result<void> start_from(const start_weights& weights, gsl::span<const float> ids);

  /// Takes one Adam step. @return The mean loss of a group.
  double step(gsl::span<const ranking_group> batch, const adam_options& options);

  /// Seeds dropout with this epoch, so that a resumed run draws the same.
  void begin_epoch(std::uint64_t epoch);

  /// Steps taken. Restore them together with the parameters and their moments.
  std::uint64_t steps() const noexcept { return steps_; }
  void restore_steps(std::uint64_t steps) noexcept { steps_ = steps; }

  /// The learned item vectors: items × `id_width`, row-major.
  const parameter& id_vectors() const noexcept { return ids_; }

  /// The checkpoint's tensors, for features [fixed, id vectors].
  std::vector<named_tensor> tensors() const;

  /// Adds the gradients of a batch to the parameters without a step. @return The mean loss of a group.
  double accumulate(gsl::span<const ranking_group> batch, bool with_dropout);
  std::vector<parameter*> parameters();

private:
  struct shard;
  struct group_place {
    std::size_t first_row = 0;               ///< Of its candidates, among the batch's rows.
    std::size_t first_slot = 0, history = 0; ///< Begin and length of its history in `history_slots_`.
    std::size_t first_weight = 0;            ///< In `weights_`: a row of history items for each candidate.
  };

  void lay_out(gsl::span<const ranking_group> batch);
  std::uint32_t slot_of(std::uint32_t item);
  void project_items();
  void attend(gsl::span<const ranking_group> batch);
  double softmax_loss(gsl::span<const ranking_group> batch, bool with_dropout);
  void attend_back(gsl::span<const ranking_group> batch, const aligned_floats& input_gradient);
  void pool_back(std::size_t candidates, const group_place& place, const aligned_floats& input_gradient,
                 shard& sums);
  void score_back(std::size_t candidates, const group_place& place, const aligned_floats& input_gradient,
                  shard& sums);
  void add_shards(aligned_floats shard::*member);
  void project_back();
  void move_ids(const adam_options& options);

  const feature_table& fixed_;
  column_scale scale_;
  din_shape shape_;
  thread_team& team_;
  random_source random_;
  std::uint64_t seed_;
  std::uint64_t steps_ = 0;

  parameter embedding_, embedding_bias_, query_, key_, attention_; ///< W_e, b_e, W_q, W_k, w_v
  parameter ids_;
  trainable_mlp mlp_;

  // The current batch. Each of its items is projected once; a slot is an item's index among them.
  std::vector<std::uint32_t> items_, slot_of_item_, history_slots_, candidate_slots_;
  std::vector<group_place> places_;
  aligned_floats features_, embedded_, queries_, keys_, weights_, input_, score_gradient_;
  std::vector<std::unique_ptr<shard>> shards_;
};

} // namespace winnow
