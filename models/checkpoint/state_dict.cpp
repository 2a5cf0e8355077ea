#include "models/checkpoint/state_dict.hpp"

#include "models/checkpoint/parameter_names.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <sstream>
#include <unordered_set>

namespace winnow {

namespace {

constexpr std::array<std::string_view, 8> wrappers = {
    "state_dict", "model_state_dict", "model", "model_state", "net", "network", "module", "weights"};
constexpr std::array<std::string_view, 2> configs = {"config", "model_config"};
constexpr std::array<std::string_view, 8> optimizer_words = {
    "optimizer", "optimizers", "optim", "scheduler", "schedulers", "grad", "grads", "gradients"};
constexpr int max_wrapping = 16; // the deepest seen is 2: {'model': {'state_dict': …}}

/// Calls `visit` with each text key of a dict and its value.
template<class Visit>
void each_entry(const pickle& saved, const pickle_value& dict, Visit visit) {
  if (dict.kind != pickle_kind::dict)
    return;
  for (std::size_t i = 0; i + 1 < dict.items.size(); i += 2)
    if (const auto& key = saved[dict.items[i]]; key.kind == pickle_kind::text)
      visit(key.text, saved[dict.items[i + 1]]);
}

bool has_tensors(const pickle& saved, const pickle_value& dict) {
  bool found = false;
  each_entry(saved, dict, [&](std::string_view, const pickle_value& value) {
    found |= value.kind == pickle_kind::tensor;
  });
  return found;
}

std::string key_list(const pickle& saved, const pickle_value& dict) {
  std::string keys;
  for (std::size_t i = 0; i + 1 < dict.items.size() && i < 20; i += 2)
    keys += (keys.empty() ? "" : ", ") + std::string(saved[dict.items[i]].text.substr(0, 60));
  return keys;
}

/// Whether a word of the key, which an underscore separates from the next, names an optimizer. What it keeps
/// may have the names of the model's tensors.
bool is_of_optimizer(std::string_view key) {
  for (std::size_t at = 0; at <= key.size();) {
    const auto end = std::min(key.find('_', at), key.size());
    if (std::find(optimizer_words.begin(), optimizer_words.end(), key.substr(at, end - at)) !=
        optimizer_words.end())
      return true;
    at = end + 1;
  }
  return false;
}

bool has_model_parts(const pickle& saved, const pickle_value& dict) {
  bool found = false;
  each_entry(saved, dict, [&](std::string_view name, const pickle_value& value) {
    found |= value.kind == pickle_kind::tensor && is_in_model_part(name);
  });
  return found;
}

/// Finds the dict with the tensors: under wrappers' keys, directly or further down, and behind other keys.
class state_dict_search {
public:
  using condition = bool (*)(const pickle&, const pickle_value&);

  /// @param accepts Whether a dict is a state dict.
  state_dict_search(const pickle& saved, condition accepts) : saved_(saved), accepts_(accepts) {}

  /// Looks first where the fewest keys lead that are no wrapper's. @param most_keys How many of them may.
  /// @return Null if there is none; `malformed` if there are several.
  result<const pickle_value*> run(const pickle_value& root, int most_keys) {
    auto starts = dicts_of(root);
    const pickle_value* found = nullptr;
    for (int keys = 0; keys <= most_keys && found == nullptr; ++keys) {
      passed_.clear();
      for (const auto* start : starts) {
        auto one = in(*start);
        if (!one)
          return one;
        if (*one != nullptr && found != nullptr)
          return several(root);
        if (*one != nullptr)
          found = *one;
      }
      starts = behind_other_keys();
    }
    return found;
  }

private:
  /// The root, or the dicts in it: a model's state dict and an optimizer's are often saved as a tuple.
  std::vector<const pickle_value*> dicts_of(const pickle_value& root) const {
    if (root.kind == pickle_kind::dict)
      return {&root};
    std::vector<const pickle_value*> dicts;
    for (const auto item : root.items)
      if (saved_[item].kind == pickle_kind::dict)
        dicts.push_back(&saved_[item]);
    return dicts;
  }

  result<const pickle_value*> in(const pickle_value& dict, int depth = 0) {
    const pickle_value* found = nullptr;
    if (depth > max_wrapping || !seen_.insert(&dict).second)
      return found;
    passed_.push_back(&dict);
    for (const auto name : wrappers) {
      const auto* inner = saved_.find(dict, name);
      if (inner == nullptr || inner->kind != pickle_kind::dict)
        continue;
      auto deeper = in(*inner, depth + 1);
      if (!deeper)
        return deeper;
      if (*deeper != nullptr && found != nullptr)
        return several(dict);
      if (*deeper != nullptr)
        found = *deeper;
    }
    if (found == nullptr && accepts_(saved_, dict))
      found = &dict;
    return found;
  }

  /// The dicts under keys that are no wrapper's, of all dicts that were passed last.
  std::vector<const pickle_value*> behind_other_keys() const {
    std::vector<const pickle_value*> dicts;
    for (const auto* dict : passed_)
      each_entry(saved_, *dict, [&](std::string_view key, const pickle_value& value) {
        if (value.kind == pickle_kind::dict && !is_of_optimizer(key) && seen_.count(&value) == 0)
          dicts.push_back(&value);
      });
    return dicts;
  }

  tl::unexpected<error> several(const pickle_value& dict) const {
    return fail(fault::malformed, "more than one state dict: keys " + key_list(saved_, dict));
  }

  const pickle& saved_;
  const condition accepts_;
  std::unordered_set<const pickle_value*> seen_; ///< Dicts may be shared, or contain each other.
  std::vector<const pickle_value*> passed_;
};

/// Dicts with the names of DIN's or RankNet's tensors count; only if there are none, all dicts with tensors.
result<const pickle_value*> find_tensors(const pickle& saved, const pickle_value& root) {
  auto found = state_dict_search(saved, has_model_parts).run(root, 2);
  if (!found || *found != nullptr)
    return found;
  return state_dict_search(saved, has_tensors).run(root, 1);
}

/// The reason to name if no tensors are found: a whole module, if there is one, else any refusal at the top.
std::string refusal_in(const pickle& saved, const pickle_value& dict) {
  std::string first;
  each_entry(saved, dict, [&](std::string_view key, const pickle_value& value) {
    if (value.kind != pickle_kind::opaque)
      return;
    const auto& refusal = saved.refusal(value);
    if (first.empty() || refusal.rfind(whole_module, 0) == 0)
      first = std::string(key) + ": " + refusal;
  });
  return first;
}

tl::unexpected<error> refuse_opaque(const std::string& refusal) {
  if (refusal.find(whole_module) == std::string::npos)
    return fail(fault::unsupported, refusal);
  return fail(fault::unsupported,
              refusal + ": its class is code, which is never run; save its state_dict() instead: "
                        "torch.save(model.state_dict(), path)");
}

result<const pickle_value*> locate(const pickle& saved) {
  const auto& root = saved[saved.root];
  if (root.kind == pickle_kind::opaque)
    return refuse_opaque(saved.refusal(root));
  if (root.kind != pickle_kind::dict && root.kind != pickle_kind::list && root.kind != pickle_kind::tuple)
    return fail(fault::malformed, "expected a state dict, got another kind of object");
  auto found = find_tensors(saved, root);
  if (!found || *found != nullptr)
    return found;
  for (const auto* dict : {&root, saved.find(root, "state_dict"), saved.find(root, "model_state_dict")})
    if (dict != nullptr)
      if (const auto refusal = refusal_in(saved, *dict); !refusal.empty())
        return refuse_opaque(refusal);
  if (root.kind != pickle_kind::dict)
    return fail(fault::malformed, "expected a state dict, got a list without one");
  return fail(fault::malformed, "no state dict: no tensors under the keys " + key_list(saved, root));
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

result<state_dict> find_state_dict(const pickle& saved) {
  const auto dict = locate(saved);
  if (!dict)
    return tl::unexpected(dict.error());
  std::vector<std::string> names;
  std::vector<const pickle_value*> values;
  each_entry(saved, **dict, [&](std::string_view name, const pickle_value& value) {
    if (value.kind != pickle_kind::tensor && value.kind != pickle_kind::opaque)
      return; // an optimizer's state, a config
    names.emplace_back(name);
    values.push_back(&value);
  });
  const auto plain = plain_names(names);
  if (!plain)
    return tl::unexpected(plain.error());
  state_dict found;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto& name = (*plain)[i];
    if (values[i]->kind == pickle_kind::opaque)
      found.refused.emplace_back(name, saved.refusal(*values[i]));
    else if (!name.empty())
      found.tensors.push_back({name, values[i]});
  }
  return found;
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
