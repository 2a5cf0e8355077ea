#include "models/attributes/item_filter.hpp"

#include "models/attributes/json_member.hpp"
#include "models/kernels/filter_kernels.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace winnow {

namespace {

using nlohmann::json;

constexpr std::size_t most_conditions = 1000;
constexpr std::size_t most_levels = 32;

tl::unexpected<error> expected(const std::string& member, const char* what, const json& got) {
  return expected_member("filter: " + member, what, got);
}

tl::unexpected<error> expected_word(const std::string& attribute, const json& got) {
  return expected(attribute, "gt, gte, lt, lte, eq, ne or in", got);
}

/// Takes the lower bound of a range, unless it has a higher one or an equal one that is outside already.
/// @param outside Whether the bound itself is outside of the range.
void take_least(item_filter& range, double bound, bool outside) {
  if (range.least && (*range.least > bound || (*range.least == bound && range.above_least)))
    return;
  range.least = bound;
  range.above_least = outside;
}

/// The same for the upper bound.
void take_most(item_filter& range, double bound, bool outside) {
  if (range.most && (*range.most < bound || (*range.most == bound && range.below_most)))
    return;
  range.most = bound;
  range.below_most = outside;
}

class filter_parser {
public:
  result<item_filter> parse(const std::string& member, const json& from, std::size_t level) {
    if (!from.is_object())
      return expected(member, "an object of conditions", from);
    if (level > most_levels)
      return fail(fault::malformed, "filter: expected at most " + std::to_string(most_levels) +
                                        " levels of conditions, got more");
    if (from.empty() && ++conditions_ > most_conditions) // an empty filter costs as much as a condition
      return too_many();
    item_filter all;
    for (const auto& [name, value] : from.items()) {
      if (++conditions_ > most_conditions)
        return too_many();
      auto part = parse_member(name, value, level);
      if (!part)
        return part;
      all.parts.push_back(std::move(*part));
    }
    return all;
  }

private:
  static tl::unexpected<error> too_many() {
    return fail(fault::malformed,
                "filter: expected at most " + std::to_string(most_conditions) + " conditions, got more");
  }

  result<item_filter> parse_member(const std::string& name, const json& value, std::size_t level) {
    if (name == "and" || name == "or")
      return parse_parts(name, value, level);
    if (name == "not")
      return negated(parse(name, value, level + 1));
    if (value.is_object())
      return parse_bounds(name, value);
    return parse_values(name, value);
  }

  result<item_filter> parse_parts(const std::string& name, const json& from, std::size_t level) {
    if (!from.is_array())
      return expected(name, "an array of filters", from);
    item_filter whole;
    whole.what = name == "and" ? item_filter::kind::all : item_filter::kind::any;
    for (const auto& one : from) {
      auto part = parse(name, one, level + 1);
      if (!part)
        return part;
      whole.parts.push_back(std::move(*part));
    }
    return whole;
  }

  static result<item_filter> negated(result<item_filter> what) {
    if (!what)
      return what;
    item_filter whole;
    whole.what = item_filter::kind::none;
    whole.parts.push_back(std::move(*what));
    return whole;
  }

  static result<filter_value> parse_value(const std::string& name, const json& from) {
    if (from.is_boolean())
      return filter_value(from.get<bool>());
    if (from.is_number())
      return filter_value(from.get<double>());
    if (from.is_string())
      return filter_value(from.get<std::string>());
    return expected(name, "a text, a number, true or false", from);
  }

  /// A value, or an array of the allowed values.
  static result<item_filter> parse_values(const std::string& name, const json& from) {
    item_filter one;
    one.what = item_filter::kind::one_of;
    one.attribute = name;
    const auto list = from.is_array() ? from : json::array({from});
    if (list.size() > most_conditions)
      return fail(fault::malformed, "filter: " + name + ": expected at most " +
                                        std::to_string(most_conditions) + " values, got " +
                                        std::to_string(list.size()));
    for (const auto& entry : list) {
      auto value = parse_value(name, entry);
      if (!value)
        return tl::unexpected(value.error());
      one.values.push_back(std::move(*value));
    }
    return one;
  }

  static result<item_filter> parse_bounds(const std::string& name, const json& from) {
    item_filter all;
    item_filter range;
    range.what = item_filter::kind::range;
    range.attribute = name;
    for (const auto& [word, value] : from.items()) {
      if (word == "eq" || word == "in" || word == "ne") {
        auto values = parse_values(name, value);
        if (word == "ne")
          values = negated(std::move(values));
        if (!values)
          return values;
        all.parts.push_back(std::move(*values));
      } else if (word == "gt" || word == "gte" || word == "lt" || word == "lte") {
        if (!value.is_number())
          return expected(name + "." + word, "a number", value);
        const bool outside = word.size() == 2;
        word[0] == 'g' ? take_least(range, value.get<double>(), outside)
                       : take_most(range, value.get<double>(), outside);
      } else {
        return expected_word(name, word);
      }
    }
    if (range.least || range.most || from.empty())
      all.parts.push_back(std::move(range));
    return all;
  }

  std::size_t conditions_ = 0;
};

/// Finds the rows of one filter.
class filter_run {
public:
  explicit filter_run(const item_attributes& attributes) : attributes_(attributes) {}

  result<row_set> run(const item_filter& filter) const {
    switch (filter.what) {
    case item_filter::kind::all:
    case item_filter::kind::any:
      return combine(filter);
    case item_filter::kind::none: {
      auto inner = run(filter.parts.front());
      if (inner)
        inner->invert();
      return inner;
    }
    case item_filter::kind::one_of:
    case item_filter::kind::range:
      break;
    }
    const auto* const column = attributes_.find(filter.attribute);
    if (column == nullptr)
      return fail("filter", attributes_.unknown(filter.attribute));
    return filter.what == item_filter::kind::range ? within(filter, *column) : among(filter, *column);
  }

private:
  result<row_set> combine(const item_filter& filter) const {
    const bool all = filter.what == item_filter::kind::all;
    row_set rows(attributes_.rows(), all);
    for (const auto& part : filter.parts) {
      const auto some = run(part);
      if (!some)
        return some;
      all ? rows.intersect(*some) : rows.unite(*some);
    }
    return rows;
  }

  result<row_set> within(const item_filter& filter, const attribute_column& column) const {
    if (!filter.least && !filter.most)
      return expected_word(column.name, json::object());
    if (column.type != attribute_type::number)
      return wrong_type(column, "bounds");
    row_set rows(attributes_.rows());
    constexpr double any = std::numeric_limits<double>::infinity();
    const double least = filter.least.value_or(-any), most = filter.most.value_or(any);
    rows.mark_within(column.numbers, filter.above_least ? std::nextafter(least, any) : least,
                     filter.below_most ? std::nextafter(most, -any) : most);
    return rows;
  }

  result<row_set> among(const item_filter& filter, const attribute_column& column) const {
    return column.is_numeric() ? among_numbers(filter, column) : among_labels(filter, column);
  }

  result<row_set> among_numbers(const item_filter& filter, const attribute_column& column) const {
    std::vector<double> wanted;
    for (const auto& value : filter.values) {
      if (const auto* const number = std::get_if<double>(&value);
          number != nullptr && column.type == attribute_type::number)
        wanted.push_back(*number);
      else if (const auto* const truth = std::get_if<bool>(&value);
               truth != nullptr && column.type == attribute_type::boolean)
        wanted.push_back(*truth ? 1.0 : 0.0);
      else
        return wrong_type(column, shown_value(value));
    }
    std::sort(wanted.begin(), wanted.end());
    row_set rows(attributes_.rows());
    if (wanted.size() == 1) {
      rows.mark_within(column.numbers, wanted.front(), wanted.front());
      return rows;
    }
    for (std::size_t row = 0; row < column.numbers.size(); ++row) {
      const double value = column.numbers[row];
      // NaN, a missing value, would be found anywhere.
      if (!std::isnan(value) && std::binary_search(wanted.begin(), wanted.end(), value))
        rows.add(row);
    }
    return rows;
  }

  result<row_set> among_labels(const item_filter& filter, const attribute_column& column) const {
    std::vector<bool> wanted(column.texts.size());
    for (const auto& value : filter.values) {
      const auto* const text = std::get_if<std::string>(&value);
      if (text == nullptr)
        return wrong_type(column, shown_value(value));
      if (const auto label = column.texts.find(*text))
        wanted[*label] = true;
    }
    row_set rows(attributes_.rows());
    for (std::size_t row = 0; row < attributes_.rows(); ++row)
      for (const auto label : column.labels_of(row))
        if (wanted[label])
          rows.add(row);
    return rows;
  }

  static std::string shown_value(const filter_value& value) {
    return std::visit([](const auto& some) { return shown_json(json(some)); }, value);
  }

  static tl::unexpected<error> wrong_type(const attribute_column& column, const std::string& got) {
    return fail(fault::malformed, "filter: \"" + column.name + "\": expected " +
                                      (column.type == attribute_type::number    ? "numbers"
                                       : column.type == attribute_type::boolean ? "true or false"
                                                                                : "texts") +
                                      ", as the items have, got " + got);
  }

  const item_attributes& attributes_;
};

} // namespace

result<item_filter> parse_filter(const nlohmann::json& from) {
  return filter_parser().parse("filter", from, 0);
}

std::size_t conditions_in(const item_filter& filter) {
  std::size_t conditions = 1;
  for (const auto& part : filter.parts)
    conditions += conditions_in(part);
  return conditions;
}

row_set::row_set(std::size_t rows, bool all) : words_((rows + 63) / 64, all ? ~std::uint64_t{0} : 0) {}

void row_set::mark_within(gsl::span<const double> values, double least, double most) noexcept {
  kernels::mark_within(values.data(), values.size(), least, most, words_.data());
}

void row_set::intersect(const row_set& other) noexcept {
  for (std::size_t i = 0; i < words_.size(); ++i)
    words_[i] &= other.words_[i];
}

void row_set::unite(const row_set& other) noexcept {
  for (std::size_t i = 0; i < words_.size(); ++i)
    words_[i] |= other.words_[i];
}

void row_set::invert() noexcept {
  for (auto& word : words_)
    word = ~word;
}

result<row_set> rows_that_pass(const item_filter& filter, const item_attributes& attributes) {
  return filter_run(attributes).run(filter);
}

} // namespace winnow
