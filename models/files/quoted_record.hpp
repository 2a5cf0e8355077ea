#pragma once

#include "models/files/csv_form.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// Private to `csv_reader`: records with quoted fields.

/// How a quote inside of a quoted field is written.
enum class quote_style {
  doubled,   ///< As `""` (RFC 4180).
  backslash, ///< As `\"`, and a backslash as `\\`, as Spark does; `""` is a quote as well.
};

/// Follows the quotes of a record through its lines: while one is open, the record goes on.
class open_quotes {
public:
  explicit open_quotes(quote_style style) : style_(style) {}

  void pass(std::string_view text); ///< The next part of the record.
  bool any() const noexcept { return open_; }

private:
  const quote_style style_;
  bool open_ = false;
  bool escaped_ = false; // the last character was a backslash that may escape the next one
};

/// Why a record cannot be split.
struct record_flaw {
  std::size_t offset = 0;
  std::string what;
};

/// Offset of the first character from `at` on that is no blank, if blanks are not part of the fields.
std::size_t after_blanks(std::string_view record, std::size_t at, const csv_form& form);

/// The field without blanks at its end, if blanks are not part of the fields.
std::string_view without_blanks_behind(std::string_view field, const csv_form& form);

/// Splits a record with quotes.
/// @param unquoted Receives the text of the quoted fields, to which `fields` point.
/// @param offsets Receives where in the record each field begins.
std::optional<record_flaw> split_quoted(std::string_view record, const csv_form& form, quote_style style,
                                        std::string& unquoted, std::vector<std::string_view>& fields,
                                        std::vector<std::size_t>& offsets);

} // namespace winnow
