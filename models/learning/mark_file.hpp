#pragma once

#include "config/error.hpp"
#include "models/catalogue/id_table.hpp"
#include "models/learning/user_marks.hpp"

#include <filesystem>
#include <gsl/span>
#include <optional>

namespace winnow {

/// The file in a model directory that says how far the training counted each user's history.
inline constexpr const char* counted_histories_file = "counted_histories.csv";

/// Writes a row `user_id,items,tail` for each user: the mark of what was counted. Blocking.
/// @param marks One per user.
result<void> write_marks(const std::filesystem::path& path, const id_table& users,
                         gsl::span<const history_mark> marks);

/// Notes the marks in a file that `write_marks` wrote. Blocking.
/// @return An error that names file, line and column if the file cannot be read or `items` or `tail` is no
///   number of 32 bits.
result<void> read_marks(const std::filesystem::path& path, user_marks& into);

/// How far the training of a model directory counted the users' histories; nullopt if the directory does not
/// say so. Blocking.
result<std::optional<user_marks>> counted_by_training(const std::filesystem::path& model_directory,
                                                      std::size_t most_users);

} // namespace winnow
