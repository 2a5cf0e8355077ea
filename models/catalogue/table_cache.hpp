#pragma once

#include "config/error.hpp"
#include "models/catalogue/float_table.hpp"
#include "models/files/file_digest.hpp"
#include "models/files/file_stamp.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace winnow {

/// Sub-folder of a model directory for data derived from its files.
inline constexpr const char* model_cache_directory = ".winnow-cache";

/// Returns the path of a model directory's cache. Creates it if `tables` together have 16 MB or more; smaller
/// ones are not worth it. If it cannot be created (on a read-only volume), nothing is cached.
std::filesystem::path prepare_cache_directory(const std::filesystem::path& model_directory,
                                              const std::vector<std::filesystem::path>& tables);

/// How the cached tables are read.
struct cache_reading {
  bool lock = false;                                   ///< Keep them in memory (mlock).
  table_precision precision = table_precision::single; ///< Of tables that are read by rows.
};

/// How a table is parsed, and how it is kept in a file together with the stamp of the file it comes from.
template<class Table>
struct cached_form {
  const char* suffix = ".table"; ///< Of the file's name.
  bool read_back = false; ///< Use the file once it is written, in the place of what was parsed into memory.
  std::function<result<Table>()> parse;
  std::function<result<Table>(const std::filesystem::path& kept, const file_stamp& source)> read;
  std::function<result<void>(const std::filesystem::path& kept, const file_stamp& source, const Table&)> keep;
};

/// Caches tables that were read from CSV files, and digests of files, in a directory from which they load at
/// memory speed. Does not create the directory; if it does not exist, nothing is cached. Blocking; one thread
/// at a time, but several processes may share a directory.
///
/// A cache entry is used only if device, inode, size and both times of the source file are unchanged and its
/// own checksum matches. Otherwise the source file is read; if there was an entry, a warning in the log says
/// why it was not used. An entry is written only if the source file changed neither while it was read nor
/// shortly before, because file times are too coarse to distinguish changes in quick succession.
class table_cache {
public:
  /// @param at_rest A file is cached only if it has not changed for this long before it is read.
  explicit table_cache(std::filesystem::path directory, cache_reading reading = {},
                       std::chrono::nanoseconds at_rest = std::chrono::seconds(2));

  /// Like `load_float_table`, but maps the table from the cache if possible. Otherwise reads the file and
  /// caches the table.
  result<float_table> load(const std::filesystem::path& file) const;

  /// The same for a table whose rows are needed one at a time, and in the precision that is set, with or
  /// without a cache. How fast it starts does not depend on its size, see `read_kept_rows`.
  result<row_table> load_rows(const std::filesystem::path& file) const;

  /// Returns the table of a file in its cached form if possible. Otherwise parses the file and keeps the
  /// table.
  template<class Table>
  result<Table> load(const std::filesystem::path& file, const cached_form<Table>& form) const;

  /// Returns what `digest_files` does, from the cache if possible.
  /// @param entry Name of the cache entry, for callers with several lists of files.
  result<file_digests> digest(const std::vector<std::filesystem::path>& files,
                              const char* entry = "digest") const;

private:
  static void warn_unused(const error& why);
  static void warn_unwritten(const error& why);

  std::filesystem::path directory_; // empty: nothing is cached
  std::chrono::nanoseconds at_rest_;
  cache_reading reading_;
};

template<class Table>
result<Table> table_cache::load(const std::filesystem::path& file, const cached_form<Table>& form) const {
  const auto before = stamp_of(file);
  if (directory_.empty() || !before)
    return form.parse();
  const auto kept = directory_ / (file.filename().string() + form.suffix);
  if (auto table = form.read(kept, *before))
    return table;
  else
    warn_unused(table.error());
  auto table = form.parse();
  const auto after = stamp_of(file);
  if (!table || !before->at_rest(at_rest_) || !after || *after != *before)
    return table;
  if (auto written = form.keep(kept, *before, *table); !written)
    warn_unwritten(written.error());
  else if (form.read_back)
    if (auto again = form.read(kept, *before))
      return again;
  return table;
}

} // namespace winnow
