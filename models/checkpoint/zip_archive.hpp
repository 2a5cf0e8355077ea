#pragma once

#include "config/error.hpp"

#include <string_view>
#include <vector>

namespace winnow {

/// One record of an archive. Both views point into the archive's bytes.
struct zip_record {
  std::string_view name;
  std::string_view content;
};

/// The records of a zip archive as `torch.save` writes it: stored, never deflated, zip64 or not.
///
/// `parse` checks bounds, local header and CRC-32 of all records. No two records may share a byte or a name.
/// Nothing is copied, and no allocation depends on a size that a header claims. Immutable.
class zip_archive {
public:
  /// @param bytes The whole archive; it must outlive the result.
  /// @return `malformed` with the name of the record and what is wrong with it, `unsupported` if a record is
  ///   compressed or encrypted.
  static result<zip_archive> parse(std::string_view bytes);

  /// Returns the record with that name, or null.
  const zip_record* find(std::string_view name) const;

  /// All records, sorted by name.
  const std::vector<zip_record>& records() const { return records_; }

private:
  std::vector<zip_record> records_;
};

} // namespace winnow
