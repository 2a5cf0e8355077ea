#pragma once

#include "config/error.hpp"
#include "config/files/draft_lock.hpp"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

namespace winnow {

/// How a file is written.
struct output_manner {
  /// Whether the content is synced to disk before the file gets its name, so that a power failure leaves
  /// either the whole file or none.
  bool to_disk = true;
  /// Whether other processes may write the same file at the same time; each then has its own draft, and
  /// removes those that killed ones left behind.
  bool many_writers = false;
  /// Whether nobody may write to the finished file, so that it can only be replaced.
  bool read_only = false;
};

/// For files that any process can rebuild.
inline constexpr output_manner for_cache{false, true, false};

/// A file that is written from front to back under a temporary name and renamed when it is complete, so that
/// readers never see half of it. If it is destroyed before `close`, the draft is removed. Blocking.
class output_file {
public:
  /// Creates the draft and any missing parent folders. @return `io_error` if the draft cannot be created.
  static result<output_file> create(const std::filesystem::path& path, output_manner manner = {});
  output_file(output_file&&) noexcept = default;
  output_file& operator=(output_file&&) = delete;
  ~output_file();

  result<void> write(std::string_view bytes);

  /// Completes the file and gives it its final name.
  result<void> close();

  const std::filesystem::path& path() const { return path_; }

private:
  struct closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  output_file(std::filesystem::path path, std::filesystem::path draft, draft_lock lock, std::FILE* file,
              output_manner manner)
      : path_(std::move(path)), draft_(std::move(draft)), lock_(std::move(lock)), file_(file),
        manner_(manner) {}
  tl::unexpected<error> refuse(const char* what) const;
  tl::unexpected<error> give_up(const char* what) const; ///< Removes the draft as well.

  std::filesystem::path path_, draft_;
  draft_lock lock_; ///< Until the draft has its final name.
  std::unique_ptr<std::FILE, closer> file_;
  output_manner manner_;
};

/// Writes a whole file through `output_file`.
result<void> write_file(const std::filesystem::path& path, std::string_view bytes, output_manner manner = {});

/// Writes the parts one after the other.
result<void> write_file(const std::filesystem::path& path, const std::vector<std::string_view>& parts,
                        output_manner manner = {});

} // namespace winnow
