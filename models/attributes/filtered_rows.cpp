// How a filter finds its rows.

#include "models/attributes/filter_errors.hpp"
#include "models/attributes/item_filter.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace winnow {

namespace {

using nlohmann::json;

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
      return expected_comparison(column.name, json::object());
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

result<row_set> rows_that_pass(const item_filter& filter, const item_attributes& attributes) {
  return filter_run(attributes).run(filter);
}

} // namespace winnow
