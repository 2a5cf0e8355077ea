#include "models/checkpoint/parameter_names.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace winnow {

namespace {

// All that begin with an underscore are names that no model gives its parts.
constexpr std::array<std::string_view, 8> wrapper_parts = {
    "_orig_mod",  "_fsdp_wrapped_module", "_checkpoint_wrapped_module", "_fpw_module",
    "_dp_module", "_forward_module",      "_original_module",           "_flat_param_module"};
constexpr std::string_view data_parallel_part = "module";
constexpr std::array<std::string_view, 5> model_parts = {"item_embedding", "user_embedding", "attention",
                                                         "mlp", "output_layer"};

template<class Parts>
bool is_one_of(const Parts& parts, std::string_view part) {
  return std::find(parts.begin(), parts.end(), part) != parts.end();
}

/// Calls `visit` with the offset and text of each part of a dotted name, until it returns false.
template<class Visit>
void each_part(std::string_view name, Visit visit) {
  for (std::size_t at = 0; at <= name.size();) {
    const auto end = std::min(name.find('.', at), name.size());
    if (!visit(at, name.substr(at, end - at)))
      return;
    at = end + 1;
  }
}

/// The name without the parts of wrappers.
std::string unwrapped(std::string_view name, bool without_module) {
  std::string plain;
  each_part(name, [&](std::size_t, std::string_view part) {
    if (!is_one_of(wrapper_parts, part) && !(without_module && part == data_parallel_part))
      plain.append(plain.empty() ? "" : ".").append(part);
    return true;
  });
  return plain;
}

std::optional<std::string> first_double(std::vector<std::string> names) {
  names.erase(std::remove(names.begin(), names.end(), ""), names.end());
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  return twice != names.end() ? std::optional(*twice) : std::nullopt;
}

std::vector<std::string> all_unwrapped(const std::vector<std::string>& names, bool without_module) {
  std::vector<std::string> plain;
  for (const auto& name : names)
    plain.push_back(unwrapped(name, without_module));
  return plain;
}

/// What stands before the first part of DIN or RankNet, with its dot; nullopt if there is no such part.
std::optional<std::string_view> prefix_of(std::string_view name) {
  std::optional<std::string_view> prefix;
  each_part(name, [&](std::size_t at, std::string_view part) {
    if (is_one_of(model_parts, part))
      prefix = name.substr(0, at);
    return !prefix;
  });
  return prefix;
}

/// The prefix of all names that have one; empty if there is none or if some have the empty one.
result<std::string> common_prefix(const std::vector<std::string>& names) {
  std::optional<std::string_view> common, other;
  for (const auto& name : names) {
    const auto prefix = prefix_of(name);
    if (!prefix)
      continue;
    if (prefix->empty())
      return std::string();
    if (!common)
      common = prefix;
    else if (*prefix != *common)
      other = prefix;
  }
  if (other)
    return fail(fault::malformed, "more than one model: the names begin with " + std::string(*common) +
                                      " and with " + std::string(*other));
  return std::string(common.value_or(""));
}

} // namespace

result<std::vector<std::string>> plain_names(const std::vector<std::string>& names) {
  auto plain = all_unwrapped(names, true);
  if (first_double(plain)) // a model may have a part called `module`
    plain = all_unwrapped(names, false);
  const auto prefix = common_prefix(plain);
  if (!prefix)
    return tl::unexpected(prefix.error());
  for (auto& name : plain)
    name = name.compare(0, prefix->size(), *prefix) == 0 ? name.substr(prefix->size()) : std::string();
  if (const auto twice = first_double(plain))
    return fail(fault::malformed, "tensor " + *twice + " occurs twice");
  return plain;
}

} // namespace winnow
