#include "models/catalogue/id_column.hpp"

#include "config/log/log.hpp"
#include "config/text/number_text.hpp"
#include "models/files/missing_mark.hpp"

namespace winnow {

namespace {

bool has_zero_fraction(std::string_view cell) {
  return without_zero_fraction(cell).size() != cell.size();
}

} // namespace

bool id_column::is_missing(std::string_view cell) {
  return cell.empty() || is_missing_mark(cell);
}

void id_column::look(std::string_view first, bool is_quoted) {
  looked_ = true;
  strips_ = !is_quoted && has_zero_fraction(first) && all_have_zero_fraction();
  if (strips_)
    log_event(log_level::warning, "models",
              "all ids of a column end in .0, which pandas adds: they are read without it",
              {{"file", file_.string()}, {"column", field_ + 1}});
}

/// The code that reads the table reports what is wrong with it.
bool id_column::all_have_zero_fraction() const {
  auto file = csv_reader::open(file_, form_);
  if (!file)
    return false;
  auto more = file->next(); // the header
  for (bool is_header = true; more && *more; is_header = false, more = file->next()) {
    if (is_header)
      continue;
    const auto& fields = file->fields();
    if (field_ < fields.size() && is_missing(fields[field_]))
      continue;
    if (field_ >= fields.size() || file->is_quoted(field_) || !has_zero_fraction(fields[field_]))
      return false;
  }
  return more.has_value();
}

std::string_view id_column::stripped(std::string_view cell) {
  return without_zero_fraction(cell);
}

} // namespace winnow
