#include "models/attributes/column_typing.hpp"

#include "config/text/number_text.hpp"
#include "models/files/decimal_comma.hpp"
#include "models/files/missing_mark.hpp"

#include <algorithm>
#include <limits>

namespace winnow {

namespace {

template<class Parse>
bool are_all(const id_table& texts, Parse parse) {
  for (std::size_t i = 0; i < texts.size(); ++i)
    if (!parse(texts[i]))
      return false;
  return !texts.empty();
}

template<class Predicate>
bool has_any(const id_table& texts, Predicate predicate) {
  for (std::size_t i = 0; i < texts.size(); ++i)
    if (predicate(texts[i]))
      return true;
  return false;
}

using number_parser = std::optional<double> (*)(std::string_view);

/// How the texts are written if they are numbers, apart from those that mark a missing one: with a point
/// before the decimals; or between semicolons, all with a comma. Null if they are none.
number_parser form_of_numbers(const column_texts& column) {
  for (const number_parser parse : {parse_decimal, parse_comma_decimal}) {
    if (parse == parse_comma_decimal && column.delimiter != ';')
      break;
    const auto fits = [parse](std::string_view text) { return parse(text) || is_missing_mark(text); };
    if (are_all(column.texts, fits) && has_any(column.texts, parse))
      return parse;
  }
  return nullptr;
}

/// Codes have no fractions: beside one, whole numbers with leading zeros are numbers, too.
bool are_codes(const column_texts& numbers) {
  return numbers.code && !has_any(numbers.texts, has_fraction);
}

/// Whether all numbers have the length of this one, as the codes of goods and places have.
bool are_of_one_length(const id_table& numbers, std::string_view code) {
  constexpr std::size_t shortest_code = 4;
  const auto is_other = [&](std::string_view text) {
    return text.size() != code.size() && !is_missing_mark(text);
  };
  return code.size() >= shortest_code && numbers.size() > 1 && !has_any(numbers, is_other);
}

code_among_numbers describe_code(const column_texts& column) {
  const auto code = column.texts[column.code->text];
  return {column.code->line, std::string(code), are_of_one_length(column.texts, code)};
}

bool have_several(const column_texts& column) {
  std::size_t with = 0, several = 0;
  for (const auto text : column.of_rows)
    if (text != 0) {
      ++with;
      several += column.texts[text - 1].find('|') != std::string_view::npos ? 1 : 0;
    }
  return several * 20 >= with && several > 0;
}

template<class Parse>
attribute_column numeric(const column_texts& from, attribute_type type, Parse parse) {
  attribute_column column;
  column.name = from.name;
  column.type = type;
  constexpr double missing = std::numeric_limits<double>::quiet_NaN();
  for (const auto text : from.of_rows)
    column.numbers.push_back(text == 0 ? missing : parse(from.texts[text - 1]).value_or(missing));
  return column;
}

/// Calls `take(label)` for each label of a field that is not empty.
template<class Take>
void for_each_label(std::string_view field, Take take) {
  for (std::size_t begin = 0; begin <= field.size();) {
    const auto end = std::min(field.find('|', begin), field.size());
    if (end > begin)
      take(field.substr(begin, end - begin));
    begin = end + 1;
  }
}

attribute_column textual(const column_texts& from) {
  attribute_column column;
  column.name = from.name;
  column.type = have_several(from) ? attribute_type::labels : attribute_type::text;
  for (const auto text : from.of_rows) {
    const auto add = [&](std::string_view label) {
      column.labels.push_back(column.texts.insert(label).first);
    };
    if (text != 0 && column.type == attribute_type::labels)
      for_each_label(from.texts[text - 1], add);
    else if (text != 0)
      add(from.texts[text - 1]);
    column.ends.push_back(column.labels.size());
  }
  return column;
}

} // namespace

typed_attribute typed_column(const column_texts& from) {
  if (from.name == hidden_attribute)
    return {numeric(from, attribute_type::boolean, truth_in), {}};
  if (from.name == available_until_attribute)
    return {numeric(from, attribute_type::number, time_in), {}};
  if (are_all(from.texts, boolean_in))
    return {numeric(from, attribute_type::boolean, boolean_in), {}};
  const auto parse = form_of_numbers(from);
  if (parse == nullptr)
    return {textual(from), {}};
  if (are_codes(from))
    return {textual(from), describe_code(from)};
  return {numeric(from, attribute_type::number, parse), {}};
}

} // namespace winnow
