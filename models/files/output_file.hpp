#pragma once

#include "config/error.hpp"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

namespace winnow {

/// How a file is written.
struct output_manner {
  bool to_disk =
      true; ///< It is on the disk before it has its name: a power failure leaves all of it or none.
  bool many_writers = false; ///< Other processes may write it at the same time: each has a draft of its own.
};

/// For what can be made again, by whoever needs it.
inline constexpr output_manner for_cache{false, true};

/// A file that is written from front to back under a temporary name, and takes its own when it is complete:
/// nobody ever reads half of it. What is not closed is removed. Blocking.
class output_file {
public:
  /// @return `io_error` where it cannot be created; missing folders above it are made.
  static result<output_file> create(const std::filesystem::path& path, output_manner manner = {});
  output_file(output_file&&) noexcept = default;
  output_file& operator=(output_file&&) = delete;
  ~output_file();

  result<void> write(std::string_view bytes);

  /// Gives the file its name.
  result<void> close();

  const std::filesystem::path& path() const { return path_; }

private:
  struct closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  output_file(std::filesystem::path path, std::filesystem::path draft, std::FILE* file, output_manner manner)
      : path_(std::move(path)), draft_(std::move(draft)), file_(file), manner_(manner) {}
  tl::unexpected<error> refuse(const char* what) const;
  tl::unexpected<error> give_up(const char* what) const; ///< Removes the draft as well.

  std::filesystem::path path_, draft_;
  std::unique_ptr<std::FILE, closer> file_;
  output_manner manner_;
};

/// Writes a whole file so.
result<void> write_file(const std::filesystem::path& path, std::string_view bytes, output_manner manner = {});

/// The same, of parts one behind the other.
result<void> write_file(const std::filesystem::path& path, const std::vector<std::string_view>& parts,
                        output_manner manner = {});

} // namespace winnow
