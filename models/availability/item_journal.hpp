#pragma once

#include "config/error.hpp"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace winnow {

/// The file of what clients said about items: an `item_entry` a line. It only grows by whole lines, and is
/// replaced when most of its lines are out of date. A last line without its end, which a crash may leave, and
/// damaged ones are left out, and not kept. One thread.
class item_journal {
public:
  /// Reads the file, if it is there, and adds to it from then on. Before this is called, nothing is kept.
  /// @param take Called with each line, without its end. Returns whether it is whole.
  /// @return Why the file cannot be read. Then it stays as it is, and `write` fails for the same reason.
  result<void> open(const std::filesystem::path& file, const std::function<bool(std::string_view)>& take);

  /// How many lines of the file were left out, and what is wrong with the first, with its number; empty if
  /// none was.
  const std::string& damage() const noexcept { return damage_; }

  /// A line with its end, to be written by the next `write`.
  void add(const std::string& line);

  /// The file has what no longer holds, and a further line would not say so: the next `write` replaces it.
  void outdate() noexcept;

  /// Writes what was added since the last call, to the operating system, or replaces the file.
  /// @param present Returns all lines that hold now. Called if the file is to be replaced.
  /// @return `io_error` that names the file, which the next call replaces; or what `open` returned.
  result<void> write(const std::function<std::string()>& present);

private:
  result<void> append();
  result<void> replace(const std::string& lines);

  std::filesystem::path file_;
  std::string unwritten_; ///< Empty if the file is to be replaced, so that a full disk costs no memory.
  std::string damage_;
  std::optional<error> unreadable_; ///< Why the file could not be read.
  std::size_t lines_ = 0;           ///< Of the file, with those that are not written yet.
  std::size_t needed_lines_ = 0;    ///< Of them, when it was last replaced.
  bool must_replace_ = false;       ///< The file does not end with a whole line, or has what no longer holds.
};

} // namespace winnow
