#include "models/checkpoint/state_dict.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <sstream>

namespace winnow {

namespace {

constexpr std::array<std::string_view, 5> wrappers = {"state_dict", "model_state_dict", "model",
                                                      "model_state", "net"};
constexpr std::array<std::string_view, 2> configs = {"config", "model_config"};
constexpr std::array<std::string_view, 2> prefixes = {"module.", "_orig_mod."};
constexpr int max_wrapping = 3; // the deepest seen is {'model': {'state_dict': …}}

/// Returns the tensors directly in a dict. Other entries (an optimizer's state, a config) are ignored.
std::vector<tensor_entry> tensors_of(const pickle& saved, const pickle_value& dict) {
  std::vector<tensor_entry> entries;
  for (std::size_t i = 0; i + 1 < dict.items.size(); i += 2) {
    const auto& key = saved[dict.items[i]];
    const auto& value = saved[dict.items[i + 1]];
    if (key.kind == pickle_kind::text && value.kind == pickle_kind::tensor)
      entries.push_back({key.text, &value});
  }
  return entries;
}

std::string key_list(const pickle& saved, const pickle_value& dict) {
  std::string keys;
  for (std::size_t i = 0; i + 1 < dict.items.size() && i < 20; i += 2)
    keys += (keys.empty() ? "" : ", ") + std::string(saved[dict.items[i]].text.substr(0, 60));
  return keys;
}

/// Follows the wrapper keys from the root and returns the innermost dict; the root if there are no wrappers.
result<const pickle_value*> unwrap(const pickle& saved) {
  const auto* dict = &saved[saved.root];
  for (int depth = 0; depth < max_wrapping; ++depth) {
    const pickle_value* inner = nullptr;
    for (const auto name : wrappers) {
      const auto* found = saved.find(*dict, name);
      if (found == nullptr || found->kind != pickle_kind::dict)
        continue;
      if (inner != nullptr && inner != found)
        return fail(fault::malformed, "more than one state dict: keys " + key_list(saved, *dict));
      inner = found;
    }
    if (inner == nullptr)
      break;
    dict = inner;
  }
  return dict;
}

/// Strips a prefix only if every name has it: a model may have a part called `module`.
void strip(std::vector<tensor_entry>& entries, std::string_view prefix) {
  const auto carries = [prefix](const tensor_entry& entry) {
    return entry.name.substr(0, prefix.size()) == prefix;
  };
  while (std::all_of(entries.begin(), entries.end(), carries))
    for (auto& entry : entries)
      entry.name.remove_prefix(prefix.size());
}

std::optional<std::string> scalar_text(const pickle_value& value) {
  std::ostringstream out;
  switch (value.kind) {
  case pickle_kind::boolean:
    return value.integer != 0 ? "true" : "false";
  case pickle_kind::integer:
    return std::to_string(value.integer);
  case pickle_kind::real:
    out << value.real;
    return out.str();
  case pickle_kind::text:
    return std::string(value.text);
  default:
    return std::nullopt;
  }
}

std::optional<std::string> setting_text(const pickle& saved, const pickle_value& value) {
  constexpr std::size_t longest_list = 64;
  if (value.kind != pickle_kind::list && value.kind != pickle_kind::tuple)
    return scalar_text(value);
  if (value.items.size() > longest_list)
    return std::nullopt;
  std::string text;
  for (const auto item : value.items) {
    const auto one = scalar_text(saved[item]);
    if (!one)
      return std::nullopt;
    text += (text.empty() ? "" : ", ") + *one;
  }
  return "[" + text + "]";
}

} // namespace

result<std::vector<tensor_entry>> find_state_dict(const pickle& saved) {
  const auto& root = saved[saved.root];
  if (root.kind != pickle_kind::dict)
    return fail(fault::malformed, "expected a state dict, got another kind of object");
  const auto dict = unwrap(saved);
  if (!dict)
    return tl::unexpected(dict.error());
  auto entries = tensors_of(saved, **dict);
  if (entries.empty())
    return fail(fault::malformed, "no state dict: no tensors under the keys " + key_list(saved, root));
  for (const auto prefix : prefixes)
    strip(entries, prefix);
  auto names = entries;
  std::sort(names.begin(), names.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  const auto twice = std::adjacent_find(names.begin(), names.end(),
                                        [](const auto& a, const auto& b) { return a.name == b.name; });
  if (twice != names.end())
    return fail(fault::malformed, "tensor " + std::string(twice->name) + " occurs twice");
  return entries;
}

std::vector<std::pair<std::string, std::string>> find_settings(const pickle& saved) {
  std::vector<std::pair<std::string, std::string>> settings;
  const auto collect = [&](const pickle_value& dict) {
    if (dict.kind != pickle_kind::dict)
      return;
    for (std::size_t i = 0; i + 1 < dict.items.size(); i += 2)
      if (const auto& key = saved[dict.items[i]]; key.kind == pickle_kind::text)
        if (auto text = setting_text(saved, saved[dict.items[i + 1]]))
          settings.emplace_back(key.text, std::move(*text));
  };
  collect(saved[saved.root]);
  for (const auto name : configs)
    if (const auto* config = saved.find(saved[saved.root], name))
      collect(*config);
  return settings;
}

} // namespace winnow
