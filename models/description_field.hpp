#pragma once

#include "config/error.hpp"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

/// Reading `model.json`: each error names the file and the place in it.
namespace winnow {

/// A place in the document, for messages: `cascade.candidates`.
struct description_field {
  const std::string& file;
  std::string name;
  const nlohmann::json* value; ///< Null if it does not exist.

  tl::unexpected<error> refuse(const std::string& expected, fault cause = fault::malformed) const;
};

/// The start of a JSON value, for messages.
std::string beginning_of(const nlohmann::json& value);

description_field in(const description_field& parent, const char* name);

/// @return An error if there is something else in the place of the object.
result<description_field> object_in(const description_field& parent, const char* name);

/// Each of these leaves `into` as it is if there is no such field.

result<void> read_number(const description_field& parent, const char* name, double least, double most,
                         double& into);
result<void> read_stated_number(const description_field& parent, const char* name, double least, double most,
                                std::optional<double>& into);
result<void> read_stated_seed(const description_field& parent, const char* name,
                              std::optional<std::uint64_t>& into);
result<void> read_stated_text(const description_field& parent, const char* name, std::string& into);

/// @return An error if there is no array of numbers.
template<class Number>
result<std::vector<Number>> read_numbers(const description_field& parent, const char* name) {
  const auto place = in(parent, name);
  bool fits = place.value != nullptr && place.value->is_array();
  if (fits)
    for (const auto& one : *place.value)
      fits = fits && one.is_number();
  if (!fits)
    return fail(fault::malformed, place.file + ": " + place.name + ": expected an array of numbers");
  return place.value->get<std::vector<Number>>();
}

} // namespace winnow
