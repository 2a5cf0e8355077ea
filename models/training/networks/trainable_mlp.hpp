#pragma once

#include "models/training/networks/start_weights.hpp"
#include "models/training/support/thread_team.hpp"

#include <vector>

namespace winnow {

/// The hidden layers and the output layer of a ranker in training: (Linear, ReLU, dropout) × n, then Linear
/// to one score.
///
/// There is no BatchNorm. The rows of a training batch belong together (a user's candidates), so its
/// statistics would reveal which candidates surround a row, and serving lacks that. The checkpoint format
/// requires a BatchNorm, so it is written as the identity.
class trainable_mlp {
public:
  trainable_mlp() = default;
  trainable_mlp(std::size_t input_width, const std::vector<std::size_t>& hidden, double dropout,
                random_source& random);

  /// @param input rows × `input_width`; must live until `backward`.
  /// @param dropping Draws the dropout; null: none.
  /// @return One score a row.
  const aligned_floats& forward(thread_team& team, const aligned_floats& input, std::size_t rows,
                                random_source* dropping);

  /// Adds to the gradients of the parameters. @return The gradient of the input.
  const aligned_floats& backward(thread_team& team, const aligned_floats& score_gradient);

  void move(std::uint64_t step, const adam_options& options);

  /// Appends `mlp.0.weight …`, identities for BatchNorm, and `output_layer.*`.
  void append_tensors(std::vector<named_tensor>& tensors) const;

  /// Takes the tensors that `append_tensors` wrote. @return `unsupported` if they have other sizes, or if a
  /// BatchNorm does anything.
  result<void> take(const checkpoint& from);

  std::vector<parameter*> parameters();

private:
  struct layer {
    parameter weight, bias;
    aligned_floats output, gradient; ///< After ReLU and dropout, and the gradient with respect to that.
    aligned_floats kept;             ///< What the units were multiplied by; empty: no dropout.
  };

  std::size_t input_width_ = 0;
  std::size_t rows_ = 0;
  double dropout_ = 0;
  const aligned_floats* input_ = nullptr;
  std::vector<layer> layers_; ///< The last one gives the score.
  aligned_floats input_gradient_;
};

} // namespace winnow
