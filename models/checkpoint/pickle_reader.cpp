// The opcodes of pickle_machine that import names, call them or read multi-byte values.
#include "models/checkpoint/pickle_reader.hpp"

#include "models/checkpoint/pickle_machine.hpp"

#include <cstring>
#include <string>

namespace winnow {

namespace {

constexpr std::size_t max_rank = 64; // dimensions of a tensor; PyTorch has the same limit
/// Keys and values of a dict that is searched; a bound on what a hostile pickle can cost.
constexpr std::size_t most_searched = 400;

} // namespace

void pickle_machine::read_protocol() {
  if (const auto version = byte(); version < 2 || version > 5)
    refuse(fault::unsupported, "refused protocol " + std::to_string(version) + ", expected 2 to 5");
}

void pickle_machine::read_long() {
  const std::size_t width = byte();
  if (width > sizeof(std::int64_t)) {
    take(width);
    return push_opaque("refused an integer of " + std::to_string(width) + " bytes");
  }
  auto value = unsigned_number(width);
  if (width > 0 && width < sizeof value && (value >> (8 * width - 1) & 1U) != 0)
    value |= ~std::uint64_t{0} << (8 * width);
  push_integer(static_cast<std::int64_t>(value));
}

void pickle_machine::read_long4() {
  const auto width = unsigned_number(4);
  take(width);
  push_opaque("refused an integer of " + std::to_string(width) + " bytes");
}

void pickle_machine::read_real() {
  std::uint64_t bits = 0;
  for (const auto c : take(sizeof bits)) // big-endian, unlike everything else in a pickle
    bits = bits << 8U | static_cast<unsigned char>(c);
  pickle_value made;
  made.kind = pickle_kind::real;
  std::memcpy(&made.real, &bits, sizeof bits);
  push(std::move(made));
}

void pickle_machine::refuse_opcode(unsigned char opcode) {
  const auto name = opcode_name(opcode);
  if (name.empty())
    return refuse(fault::malformed, "not an opcode: byte " + std::to_string(opcode));
  refuse(fault::unsupported, "refused opcode " + std::string(name));
}

void pickle_machine::extend(pickle_kind wanted, const std::vector<pickle_ref>& items) {
  const auto target = top();
  if (kind(target) == pickle_kind::opaque)
    return; // a list or dict of another class
  if (kind(target) != wanted || (wanted == pickle_kind::dict && items.size() % 2 != 0))
    return refuse(fault::malformed, "adds items to a value that is not a list or dict");
  auto& into = made_.values[target].items;
  into.insert(into.end(), items.begin(), items.end());
}

void pickle_machine::import_lines() {
  const auto module = line();
  import(module, line());
}

void pickle_machine::import(std::string_view module, std::string_view name) {
  const auto* known = find_global(module, name);
  if (known == nullptr)
    return push_opaque("refused global " + std::string(module) + "." + std::string(name));
  pickle_value made;
  made.kind = pickle_kind::global;
  made.text = known->name;
  made.element = known->element;
  made.integer = static_cast<std::int64_t>(known->role);
  push(std::move(made));
}

void pickle_machine::import_from_stack() {
  const auto name = pop();
  const auto module = pop();
  if (kind(name) != pickle_kind::text || kind(module) != pickle_kind::text)
    return refuse(fault::malformed, "imports a name that is not text");
  import(at(module).text, at(name).text);
}

void pickle_machine::call() {
  const auto arguments = pop();
  const auto callee = pop();
  if (kind(callee) == pickle_kind::opaque)
    return push_same_opaque(callee);
  if (kind(arguments) == pickle_kind::opaque)
    return push_same_opaque(arguments);
  if (kind(callee) != pickle_kind::global || kind(arguments) != pickle_kind::tuple)
    return refuse(fault::unsupported, "refused a call of a value that is not a known function");
  const auto& items = at(arguments).items; // invalid once a value is added
  switch (static_cast<global_role>(at(callee).integer)) {
  case global_role::ordered_dict:
    if (items.empty())
      return push_collection(pickle_kind::dict);
    break;
  case global_role::default_dict:
    if (items.size() <= 1)
      return push_collection(pickle_kind::dict);
    break;
  case global_role::rebuild_tensor:
    return rebuild_tensor(items);
  case global_role::rebuild_parameter:
    if (!items.empty() &&
        (kind(items.front()) == pickle_kind::tensor || kind(items.front()) == pickle_kind::opaque))
      return push(items.front());
    break;
  case global_role::pass_through:
    if (!items.empty())
      return push(items.front());
    break;
  case global_role::storage_type:
  case global_role::constant:
    break;
  }
  push_opaque("refused call of " + std::string(at(callee).text) + " with " + std::to_string(items.size()) +
              " arguments of these types");
}

/// Pops a class and what its `__new__` would get.
void pickle_machine::instantiate(unsigned char opcode) {
  pop_many(opcode == 0x92 ? 2 : 1);
  const auto made = pop();
  if (kind(made) == pickle_kind::opaque)
    return push_same_opaque(made);
  push_opaque("refused opcode " + std::string(opcode_name(opcode)));
}

bool pickle_machine::all_integers(pickle_ref tuple) const {
  if (kind(tuple) != pickle_kind::tuple || at(tuple).items.size() > max_rank)
    return false;
  for (const auto item : at(tuple).items)
    if (kind(item) != pickle_kind::integer)
      return false;
  return true;
}

/// A flag of a tensor that says that its values are not those of the storage; empty if none does.
std::string pickle_machine::changing_flag(const pickle_value& metadata) const {
  for (const auto* flag : {"neg", "conj"})
    if (const auto* const value = made_.find(metadata, flag);
        value != nullptr && value->kind == pickle_kind::boolean && value->integer != 0)
      return flag;
  return "";
}

void pickle_machine::rebuild_tensor(const std::vector<pickle_ref>& arguments) {
  // storage, offset, shape, strides; requires_grad and hooks, which are ignored; and, since 2.1, metadata
  for (std::size_t i = 0; i < arguments.size() && i < 4; ++i)
    if (kind(arguments[i]) == pickle_kind::opaque)
      return push_same_opaque(arguments[i]);
  if (arguments.size() < 4 || kind(arguments[0]) != pickle_kind::storage ||
      kind(arguments[1]) != pickle_kind::integer || !all_integers(arguments[2]) ||
      !all_integers(arguments[3]))
    return refuse(fault::malformed, "a tensor is not made of a storage, an offset, a shape and strides");
  if (arguments.size() > 6) {
    const auto& metadata = at(arguments[6]);
    if (metadata.items.size() > most_searched)
      return push_opaque("refused a tensor with more than " + std::to_string(most_searched / 2) + " flags");
    if (const auto flag = changing_flag(metadata); !flag.empty())
      return push_opaque("refused a tensor with the flag " + flag +
                         ", which changes its values; save its resolve_" + flag + "()");
  }
  pickle_value made;
  made.kind = pickle_kind::tensor;
  made.integer = at(arguments[1]).integer;
  made.items = {arguments[0], arguments[2], arguments[3]};
  push(std::move(made));
}

/// Whether a value is the attributes of an `nn.Module`.
bool pickle_machine::is_module_state(const pickle_value& state) const {
  return state.items.size() <= most_searched && made_.find(state, "_parameters") != nullptr &&
         made_.find(state, "_modules") != nullptr;
}

void pickle_machine::build() {
  const auto state = pop();
  const auto built = top();
  if (is_module_state(at(state)) && kind(built) == pickle_kind::opaque) {
    const auto refusal = made_.refusal(at(built));
    if (refusal.rfind(whole_module, 0) == 0)
      return;
    pop();
    return push_opaque(std::string(whole_module) + " (" + refusal + ")");
  }
  // The state of an OrderedDict is its attributes (`_metadata`, the modules' versions), which are not needed.
  if (kind(built) != pickle_kind::dict && kind(built) != pickle_kind::opaque)
    refuse(fault::unsupported, "refused opcode BUILD on a value that is not an OrderedDict");
}

void pickle_machine::load_storage() {
  const auto id = pop();
  const auto& items = at(id).items;
  if (kind(id) == pickle_kind::tuple && items.size() == 5 && kind(items[1]) == pickle_kind::opaque)
    return push_same_opaque(items[1]);
  // ('storage', type, key, location, element count); the location (cpu, cuda:0, …) does not matter
  if (kind(id) != pickle_kind::tuple || items.size() != 5 || kind(items[0]) != pickle_kind::text ||
      at(items[0]).text != "storage" || kind(items[1]) != pickle_kind::global ||
      static_cast<global_role>(at(items[1]).integer) != global_role::storage_type ||
      kind(items[2]) != pickle_kind::text || kind(items[4]) != pickle_kind::integer)
    return push_opaque("refused a persistent id that does not name a storage");
  pickle_value made;
  made.kind = pickle_kind::storage;
  made.element = at(items[1]).element;
  made.text = at(items[2]).text;
  made.integer = at(items[4]).integer;
  push(std::move(made));
}

const pickle_value* pickle::find(const pickle_value& dict, std::string_view key) const {
  if (dict.kind != pickle_kind::dict)
    return nullptr;
  for (auto i = dict.items.size(); i >= 2; i -= 2) {
    const auto& candidate = values[dict.items[i - 2]];
    if (candidate.kind == pickle_kind::text && candidate.text == key)
      return &values[dict.items[i - 1]];
  }
  return nullptr;
}

result<pickle> read_pickle(std::string_view bytes, const pickle_limits& limits) {
  return pickle_machine(bytes, limits).run();
}

} // namespace winnow
