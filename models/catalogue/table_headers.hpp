#pragma once

#include "config/error.hpp"

#include <filesystem>
#include <gsl/span>

namespace winnow {

/// A file of embeddings, and whose they are.
struct embedding_file {
  enum class of { items, users };
  std::filesystem::path path;
  of whose;
};

/// Compares the headers of files whose rows are multiplied with each other, column by column. Refuses
/// (`malformed`) a file whose ids are called those of the other kind, one that has the columns of the first
/// in another order (`emb_1,emb_10,emb_2,…`), and one with a column of row numbers (`index`): all would give
/// plausible lists that are wrong. Files may name their columns differently. Other errors: as of
/// `float_table_reader::open`.
result<void> check_headers(gsl::span<const embedding_file> files);

} // namespace winnow
