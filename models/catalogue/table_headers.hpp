#pragma once

#include "config/error.hpp"

#include <cstddef>
#include <filesystem>
#include <gsl/span>
#include <string>
#include <vector>

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
/// `float_table_reader::open`. Columns of one name are served, as all count, and the log names them.
result<void> check_headers(gsl::span<const embedding_file> files);

/// Returns the place of the next column with the name of the one at `first`; the number of columns if there
/// is none.
std::size_t place_of_namesake(const std::vector<std::string>& columns, std::size_t first);

/// Logs the first two columns of one name, if there are any. pandas renames the second one, so that the
/// Python service took both.
void warn_of_namesakes(const std::filesystem::path& file, const std::vector<std::string>& columns);

} // namespace winnow
