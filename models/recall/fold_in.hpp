#pragma once

#include "models/catalogue/feature_table.hpp"
#include "models/catalogue/stored_rows.hpp"

#include <cstdint>
#include <gsl/span>
#include <memory>
#include <optional>
#include <vector>

namespace winnow {

/// Computes LightGCN's vector of a user from the user's present history, without training. With the history
/// that LightGCN was trained on, the result is the trained vector, except for rounding.
///
/// In the last layer of LightGCN, the final vector of user u with the items N(u) is
///
///   (e_u + Σ_{i in N(u)} (e_i + … + e_i^(K-1)) / sqrt(|N(u)| |N(i)|)) / (K + 1)
///
/// where K is the number of layers, e^(k) a vector after k of them, and N(i) the users who took item i. All
/// of it that belongs to an item is one row of a table, and e_u / (K + 1) is one of another. Immutable.
class fold_in {
public:
  /// @param items One row per item: (e_i + … + e_i^(K-1)) / sqrt(|N(i)|) / (K + 1); zeros if LightGCN was
  ///   trained without interactions of the item.
  /// @param users One row per known user: e_u / (K + 1). As wide as `items`.
  fold_in(std::shared_ptr<const feature_table> items, std::shared_ptr<const stored_rows> users);

  /// Writes the vector of a user to `vector`. The result depends on the set of items, not on their order in
  /// the history. Items that LightGCN was trained without do not count.
  /// @param user Row in the users' table; nullopt for users that LightGCN does not know.
  /// @param known The known items of the history, ascending, without duplicates.
  /// @param vector As wide as the tables.
  /// @return False if none of the items counts. `vector` is then unspecified.
  bool write_vector(std::optional<std::uint32_t> user, gsl::span<const std::uint32_t> known,
                    gsl::span<float> vector) const;

private:
  std::shared_ptr<const feature_table> items_;
  std::shared_ptr<const stored_rows> users_;
  std::vector<bool> counts_; ///< By item: whether LightGCN was trained with interactions of it.
};

} // namespace winnow
