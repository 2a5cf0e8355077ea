#include "models/training/interactions/form/form_remarks.hpp"

#include "models/files/csv_field.hpp"
#include "models/training/interactions/columns/column_names.hpp"

namespace winnow {

namespace {

/// Which of several columns that may have a role was taken.
void add_rivals(csv_reader& file, const interaction_form& form, const chosen_columns& chosen,
                std::vector<std::string>& remarks) {
  const auto header = fields_of(file, form);
  for (const auto& facts : column_roles()) {
    const auto found = form.columns[facts.role];
    if (!found)
      continue;
    const std::string name(facts.name);
    for (const auto rival : find_rivals(header, *found, facts.role, chosen))
      remarks.push_back("the " + name + " is taken from the column " + quoted_field(header[*found]) +
                        ", not from " + quoted_field(header[rival]) + "; --columns " + name +
                        "=NAME names another one");
  }
}

} // namespace

std::vector<std::string> remarks_on_form(csv_reader& file, const interaction_form& form,
                                         const chosen_columns& chosen, double least_rating) {
  std::vector<std::string> remarks;
  const bool by_place = are_places(chosen);
  if (form.has_header && by_place) // usually, places are those of a file without a header
    remarks.emplace_back("the first line is taken for a header, not for a row");
  if (least_rating > 0 && !form.columns[column_role::rating])
    remarks.emplace_back("the interactions have no ratings: none is left out for a low one");
  if (form.has_header && !by_place)
    add_rivals(file, form, chosen, remarks);
  return remarks;
}

} // namespace winnow
