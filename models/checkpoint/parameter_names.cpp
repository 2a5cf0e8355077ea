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
constexpr std::string_view extra_state = "_extra_state"; // what a module of PyTorch keeps beside its weights
constexpr std::array<std::string_view, 5> model_parts = {"item_embedding", "user_embedding", "attention",
                                                         "mlp", "output_layer"};

// How words in the names of losses and metrics begin, and what losses keep, wherever it is.
constexpr std::array<std::string_view, 3> loss_words = {"criteri", "loss", "metric"};
constexpr std::array<std::string_view, 3> loss_values = {"pos_weight", "class_weight", "class_weights"};

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

bool is_extra_state(std::string_view name) {
  return name.substr(name.rfind('.') + 1) == extra_state;
}

/// The name without the parts of wrappers; empty if it is none of a weight.
std::string unwrapped(std::string_view name, bool without_module) {
  std::string plain;
  if (is_extra_state(name))
    return plain;
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

/// Whether a word of the text, which an underscore separates from the next, begins like that of a loss.
bool has_loss_word(std::string_view text) {
  for (std::size_t at = 0; at <= text.size();) {
    for (const auto beginning : loss_words)
      if (text.substr(at, beginning.size()) == beginning)
        return true;
    at = std::min(text.find('_', at), text.size()) + 1;
  }
  return false;
}

/// Whether the tensor belongs to a loss or a metric, which may have parts of a model themselves.
bool is_of_loss(std::string_view name) {
  bool found = false;
  each_part(name, [&](std::size_t at, std::string_view part) {
    const bool is_last = at + part.size() == name.size();
    found = has_loss_word(part) || (is_last && is_one_of(loss_values, part));
    return !found && !is_one_of(model_parts, part);
  });
  return found;
}

std::vector<std::string> without_losses(std::vector<std::string> names) {
  names.erase(std::remove_if(names.begin(), names.end(), is_of_loss), names.end());
  return names;
}

/// The prefix of all names that have one; empty if some have the empty one, nullopt if none has one.
result<std::optional<std::string>> common_prefix(const std::vector<std::string>& names) {
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
  return common ? std::optional<std::string>(*common) : std::nullopt;
}

} // namespace

result<std::vector<std::string>> plain_names(const std::vector<std::string>& names) {
  auto plain = all_unwrapped(names, true);
  if (first_double(plain)) // a model may have a part called `module`
    plain = all_unwrapped(names, false);
  auto common = common_prefix(without_losses(plain));
  if (common && !*common) // a trainer may have a name like that of a loss
    common = common_prefix(plain);
  if (!common)
    return tl::unexpected(common.error());
  const auto prefix = common->value_or("");
  for (auto& name : plain) {
    name = name.compare(0, prefix.size(), prefix) == 0 ? name.substr(prefix.size()) : std::string();
    if (*common && is_of_loss(name))
      name.clear();
  }
  if (const auto twice = first_double(plain))
    return fail(fault::malformed, "tensor " + *twice + " occurs twice");
  return plain;
}

bool is_in_model_part(std::string_view name) {
  bool found = false;
  each_part(name, [&](std::size_t at, std::string_view part) {
    found = is_one_of(model_parts, part) && at + part.size() < name.size();
    return !found;
  });
  return found;
}

} // namespace winnow
