#include "models/description_field.hpp"

#include <cstdio>
#include <limits>

namespace winnow {

using nlohmann::json;

std::string beginning_of(const json& value) {
  constexpr std::size_t longest = 60;
  auto text = value.dump(-1, ' ', true, json::error_handler_t::replace);
  return text.size() > longest ? text.substr(0, longest) + "…" : text;
}

tl::unexpected<error> description_field::refuse(const std::string& expected, fault cause) const {
  return fail(cause, file + ": " + name + ": expected " + expected + ", got " + beginning_of(*value));
}

description_field in(const description_field& parent, const char* name) {
  const json* value = nullptr;
  if (parent.value != nullptr)
    if (const auto found = parent.value->find(name); found != parent.value->end())
      value = &*found;
  return {parent.file, parent.name.empty() ? name : parent.name + "." + name, value};
}

result<description_field> object_in(const description_field& parent, const char* name) {
  auto object = in(parent, name);
  if (object.value != nullptr && !object.value->is_object())
    return object.refuse("an object");
  return object;
}

result<void> read_number(const description_field& parent, const char* name, double least, double most,
                         double& into) {
  const auto number = in(parent, name);
  if (number.value == nullptr)
    return {};
  const double value =
      number.value->is_number() ? number.value->get<double>() : std::numeric_limits<double>::quiet_NaN();
  if (!(value >= least && value <= most)) {
    char range[60];
    std::snprintf(range, sizeof range, "a number from %g to %g", least, most);
    return number.refuse(range);
  }
  into = value;
  return {};
}

result<void> read_stated_number(const description_field& parent, const char* name, double least, double most,
                                std::optional<double>& into) {
  if (in(parent, name).value == nullptr)
    return {};
  double number = 0;
  if (auto read = read_number(parent, name, least, most, number); !read)
    return read;
  into = number;
  return {};
}

result<void> read_stated_seed(const description_field& parent, const char* name,
                              std::optional<std::uint64_t>& into) {
  const auto seed = in(parent, name);
  if (seed.value == nullptr)
    return {};
  if (!seed.value->is_number_unsigned())
    return seed.refuse("a whole number of 0 or more");
  into = seed.value->get<std::uint64_t>();
  return {};
}

result<void> read_stated_text(const description_field& parent, const char* name, std::string& into) {
  const auto text = in(parent, name);
  if (text.value == nullptr)
    return {};
  if (!text.value->is_string())
    return text.refuse("a text");
  into = text.value->get<std::string>();
  return {};
}

} // namespace winnow
