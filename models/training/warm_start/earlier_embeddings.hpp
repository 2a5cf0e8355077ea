#pragma once

#include "config/error.hpp"
#include "models/catalogue/id_table.hpp"
#include "models/training/embedding_rows.hpp"
#include "models/training/interactions/interactions.hpp"

#include <filesystem>
#include <vector>

namespace winnow {

/// What LightGCN learned in an earlier training: the embeddings before propagation.
struct earlier_embeddings {
  id_table users, items;
  std::size_t width = 0;
  std::vector<float> user_rows, item_rows; ///< Row-major, `width` wide.
};

/// Reads them from the folder `lightgcn` of a model directory. Blocking.
/// @return `not_found` if a file is missing; `unsupported` if the checkpoint has no such embeddings;
///   `malformed` if it does not fit the tables.
result<earlier_embeddings> load_earlier_embeddings(const std::filesystem::path& model_directory);

/// Where LightGCN starts if it continues.
struct warm_embeddings {
  embedding_rows rows; ///< Users first, then items.
  std::size_t new_users = 0, new_items = 0;
};

/// Gives known users and items their earlier embeddings, and new ones a multiple of the sum of their
/// neighbours' in the normalised graph. The multiple is the one that fits those of the known best (least
/// squares); for the closed form from which LightGCN starts otherwise, it is the exact inverse of the
/// singular value. Users and items without any neighbour that is known are zeros.
/// @param train By the new `users` and `items`.
warm_embeddings continue_embeddings(const earlier_embeddings& earlier, const id_table& users,
                                    const id_table& items, const item_lists& train);

} // namespace winnow
