#pragma once

#include "config/error.hpp"

#include <string_view>
#include <vector>

namespace winnow {

/// One record of an archive; both views point into the archive's bytes.
struct zip_record {
  std::string_view name;
  std::string_view content;
};

/// The records of a zip archive as `torch.save` writes it: stored, never deflated, zip64 or not.
///
/// Every record's bounds, local header and CRC-32 are checked before any is handed out, no two may share a
/// byte or a name, and nothing is copied or allocated in proportion to what a header claims. Immutable.
class zip_archive {
public:
  /// @param bytes The whole archive; it must outlive the result.
  /// @return `malformed` with the record and what is wrong with it, `unsupported` for compression or
  /// encryption.
  static result<zip_archive> parse(std::string_view bytes);

  /// The record of that name, or null.
  const zip_record* find(std::string_view name) const;

  /// All records, sorted by name.
  const std::vector<zip_record>& records() const { return records_; }

private:
  std::vector<zip_record> records_;
};

} // namespace winnow
