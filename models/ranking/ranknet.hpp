#pragma once

#include "config/error.hpp"
#include "models/catalogue/feature_rows.hpp"
#include "models/checkpoint/checkpoint.hpp"
#include "models/ranking/mlp.hpp"
#include "models/ranking/ranking_query.hpp"

namespace winnow {

/// Inference of RankNet (Burges et al. 2005, "Learning to Rank using Gradient Descent"): s(u, i) = MLP([W_u u
/// + b_u, W_i x_i + b_i]). The user vector u is the mean feature row of the history items that the catalogue
/// knows, padded with zeros to the model's user width; all zeros if none is known. x_i is the item's feature
/// row, followed by the candidate's columns from the query (`ranking_query::extra`). The projections are
/// composed into the first layer at load; the user's part is computed once per request.
///
/// Immutable after construction; any thread may score with its own scratch.
class ranknet_model {
public:
  struct scratch {
    aligned_floats input, layers, first_bias, user;
  };

  static result<ranknet_model> from_checkpoint(const checkpoint& file);

  std::size_t user_width() const noexcept { return on_user_.columns(); }
  std::size_t feature_width() const noexcept { return mlp_.input_width(); }

  /// Returns the least number of multiply-adds that scoring takes.
  std::size_t operations(std::size_t candidates) const noexcept {
    return mlp_.first_rows() * on_user_.columns() + candidates * mlp_.operations();
  }

  /// Writes each query's scores.
  /// @param features At most `user_width()` wide. The rest of `feature_width()` is in the rows of each
  /// query's `extra`.
  void score(const feature_rows& features, gsl::span<const ranking_query> batch, scratch& work) const;

private:
  ranknet_model() = default;

  void prepare_user(const feature_rows& features, gsl::span<const std::uint32_t> history,
                    scratch& work) const;

  vector_layer on_user_; ///< The first layer's part for the user vector, with all biases.
  mlp mlp_;              ///< Takes the item's features.
};

} // namespace winnow
