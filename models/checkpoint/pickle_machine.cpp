#include "models/checkpoint/pickle_machine.hpp"

namespace winnow {

namespace {

constexpr std::size_t max_marks = 1000; // nested collections under construction; a real state dict has 5

} // namespace

void pickle_machine::refuse(fault cause, const std::string& what) {
  if (!refusal_)
    refusal_ = error{cause, "pickle: " + what + " (at byte " + std::to_string(position_) + ")"};
}

unsigned char pickle_machine::byte() {
  const auto one = take(1);
  return one.empty() ? 0 : static_cast<unsigned char>(one.front());
}

std::string_view pickle_machine::take(std::size_t count) {
  if (count > bytes_.size() - position_) {
    refuse(fault::malformed, "truncated");
    return {};
  }
  const auto taken = bytes_.substr(position_, count);
  position_ += count;
  return taken;
}

std::uint64_t pickle_machine::unsigned_number(std::size_t width) {
  const auto raw = take(width);
  std::uint64_t value = 0;
  for (auto i = raw.size(); i-- > 0;)
    value = value << 8U | static_cast<unsigned char>(raw[i]);
  return value;
}

std::string_view pickle_machine::line() {
  const auto end = bytes_.find('\n', position_);
  if (end == std::string_view::npos) {
    refuse(fault::malformed, "truncated");
    return {};
  }
  const auto text = take(end - position_);
  ++position_;
  return text;
}

pickle_ref pickle_machine::add(pickle_value value) {
  if (made_.values.size() >= limits_.max_values) {
    refuse(fault::too_large,
           "more than " + std::to_string(limits_.max_values) + " values; save the state_dict alone");
    return 0;
  }
  made_.values.push_back(std::move(value));
  return static_cast<pickle_ref>(made_.values.size() - 1);
}

void pickle_machine::push_integer(std::int64_t value, pickle_kind kind) {
  pickle_value made;
  made.kind = kind;
  made.integer = value;
  push(std::move(made));
}

void pickle_machine::push_text(std::string_view text) {
  pickle_value made;
  made.kind = pickle_kind::text;
  made.text = text;
  push(std::move(made));
}

void pickle_machine::push_opaque(const std::string& refusal) {
  const auto [at, is_new] = refusals_.emplace(refusal, static_cast<std::int64_t>(made_.refusals.size()));
  if (is_new)
    made_.refusals.push_back(refusal);
  push_integer(at->second, pickle_kind::opaque);
}

void pickle_machine::push_same_opaque(pickle_ref opaque) {
  push_integer(at(opaque).integer, pickle_kind::opaque);
}

void pickle_machine::push_collection(pickle_kind kind, std::vector<pickle_ref> items) {
  pickle_value made;
  made.kind = kind;
  made.items = std::move(items);
  push(std::move(made));
}

pickle_ref pickle_machine::pop() {
  const auto ref = top();
  if (!refusal_)
    stack_.pop_back();
  return ref;
}

pickle_ref pickle_machine::top() {
  if (stack_.size() > floor())
    return stack_.back();
  refuse(fault::malformed, "an opcode finds too few values on the stack");
  return 0;
}

std::vector<pickle_ref> pickle_machine::pop_many(std::size_t count) {
  std::vector<pickle_ref> items(count);
  for (auto i = count; i-- > 0;)
    items[i] = pop();
  return items;
}

std::vector<pickle_ref> pickle_machine::pop_to_mark() {
  if (marks_.empty()) {
    refuse(fault::malformed, "an opcode finds no mark on the stack");
    return {};
  }
  const auto begin = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
  std::vector<pickle_ref> items(begin, stack_.end());
  stack_.erase(begin, stack_.end());
  marks_.pop_back();
  return items;
}

void pickle_machine::remember(std::size_t slot) {
  const auto ref = top();
  if (slot >= limits_.max_values)
    return refuse(fault::too_large, "memo slot " + std::to_string(slot));
  if (slot >= memo_.size())
    memo_.resize(slot + 1, 0);
  memo_[slot] = ref;
}

void pickle_machine::recall(std::size_t slot) {
  // A slot with value 0 was never filled: index 0 is the reader's own None.
  if (slot >= memo_.size() || memo_[slot] == 0)
    return refuse(fault::malformed, "memo slot " + std::to_string(slot) + " was never filled");
  push(memo_[slot]);
}

result<pickle> pickle_machine::run() {
  if (bytes_.size() > limits_.max_bytes)
    return fail(fault::too_large, "pickle: " + std::to_string(bytes_.size()) +
                                      " bytes, more than the limit of " + std::to_string(limits_.max_bytes));
  while (!stopped_ && !refusal_)
    step(byte());
  if (!refusal_ && (stack_.size() != 1 || !marks_.empty()))
    refuse(fault::malformed, "ends with " + std::to_string(stack_.size()) + " values on its stack, not 1");
  if (refusal_)
    return tl::unexpected(*refusal_);
  made_.root = stack_.front();
  return std::move(made_);
}

void pickle_machine::step(unsigned char opcode) {
  switch (opcode) {
  case 0x80: // PROTO
    return read_protocol();
  case 0x95: // FRAME
    take(8);
    return;
  case '.': // STOP
    stopped_ = true;
    return;
  case '(': // MARK
    if (marks_.size() == max_marks)
      return refuse(fault::too_large, "more than " + std::to_string(max_marks) + " nested collections");
    marks_.push_back(stack_.size());
    return;
  case 'N': // NONE
    return push(pickle_value());
  case 0x88: // NEWTRUE
  case 0x89: // NEWFALSE
    return push_integer(opcode == 0x88 ? 1 : 0, pickle_kind::boolean);
  case 'J': // BININT
    return push_integer(static_cast<std::int32_t>(unsigned_number(4)));
  case 'K': // BININT1
    return push_integer(byte());
  case 'M': // BININT2
    return push_integer(static_cast<std::int64_t>(unsigned_number(2)));
  case 0x8a: // LONG1
    return read_long();
  case 'G': // BINFLOAT
    return read_real();
  case 'X': // BINUNICODE
    return push_text(take(unsigned_number(4)));
  case 0x8c: // SHORT_BINUNICODE
    return push_text(take(byte()));
  case ']': // EMPTY_LIST
    return push_collection(pickle_kind::list);
  case '}': // EMPTY_DICT
    return push_collection(pickle_kind::dict);
  case ')': // EMPTY_TUPLE
    return push_collection(pickle_kind::tuple);
  case 't': // TUPLE
    return push_collection(pickle_kind::tuple, pop_to_mark());
  case 0x85: // TUPLE1
  case 0x86: // TUPLE2
  case 0x87: // TUPLE3
    return push_collection(pickle_kind::tuple, pop_many(opcode - 0x84U));
  case 'a': // APPEND
    return extend(pickle_kind::list, pop_many(1));
  case 'e': // APPENDS
    return extend(pickle_kind::list, pop_to_mark());
  case 's': // SETITEM
    return extend(pickle_kind::dict, pop_many(2));
  case 'u': // SETITEMS
    return extend(pickle_kind::dict, pop_to_mark());
  case 'q': // BINPUT
    return remember(byte());
  case 'r': // LONG_BINPUT
    return remember(unsigned_number(4));
  case 0x94: // MEMOIZE
    return remember(memo_.size());
  case 'h': // BINGET
    return recall(byte());
  case 'j': // LONG_BINGET
    return recall(unsigned_number(4));
  case 'c': // GLOBAL
    return import_lines();
  case 0x93: // STACK_GLOBAL
    return import_from_stack();
  case 'R': // REDUCE
    return call();
  case 'b': // BUILD
    return build();
  case 'Q': // BINPERSID
    return load_storage();
  default:
    if (!step_beside(opcode))
      refuse_opcode(opcode);
  }
}

/// The opcodes that no state dict needs, but what is saved beside one. @return false if it is none of them.
bool pickle_machine::step_beside(unsigned char opcode) {
  switch (opcode) {
  case '0': // POP
    pop();
    return true;
  case '1': // POP_MARK
    pop_to_mark();
    return true;
  case '2': // DUP
    push(top());
    return true;
  case 0x8b: // LONG4
    read_long4();
    return true;
  case 0x8d: // BINUNICODE8
    push_text(take(unsigned_number(8)));
    return true;
  case 'C': // SHORT_BINBYTES
    take(byte());
    push_opaque("refused bytes");
    return true;
  case 'B': // BINBYTES
    take(unsigned_number(4));
    push_opaque("refused bytes");
    return true;
  case 0x8e: // BINBYTES8
  case 0x96: // BYTEARRAY8
    take(unsigned_number(8));
    push_opaque("refused bytes");
    return true;
  case 0x8f: // EMPTY_SET
    push_opaque("refused a set");
    return true;
  case 0x90: // ADDITEMS
    pop_to_mark();
    if (kind(top()) != pickle_kind::opaque)
      refuse(fault::malformed, "adds items to a value that is not a set");
    return true;
  case 0x91: // FROZENSET
    pop_to_mark();
    push_opaque("refused a set");
    return true;
  case 0x81: // NEWOBJ
  case 0x92: // NEWOBJ_EX
    instantiate(opcode);
    return true;
  default:
    return false;
  }
}

} // namespace winnow
