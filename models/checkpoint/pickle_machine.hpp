#pragma once

#include "models/checkpoint/pickle_globals.hpp"
#include "models/checkpoint/pickle_reader.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace winnow {

/// The pickle virtual machine. It records the first refusal and stops after the opcode that caused it. Until
/// then, operations continue with harmless placeholder values, so that none of them needs error handling.
class pickle_machine {
public:
  pickle_machine(std::string_view bytes, const pickle_limits& limits) : bytes_(bytes), limits_(limits) {
    made_.values.emplace_back(); // index 0: None, and the placeholder for values missing from the stack
  }

  result<pickle> run();

private:
  // Input
  unsigned char byte();
  std::string_view take(std::size_t count);
  std::uint64_t unsigned_number(std::size_t width);
  std::string_view line();

  // Stack
  pickle_ref add(pickle_value value);
  void push(pickle_ref ref) { stack_.push_back(ref); }
  void push(pickle_value value) { push(add(std::move(value))); }
  void push_integer(std::int64_t value, pickle_kind kind = pickle_kind::integer);
  std::size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }
  void push_text(std::string_view text);
  void push_opaque(const std::string& refusal);
  void push_same_opaque(pickle_ref opaque);
  void push_collection(pickle_kind kind, std::vector<pickle_ref> items = {});
  pickle_ref pop();
  pickle_ref top();
  std::vector<pickle_ref> pop_many(std::size_t count);
  std::vector<pickle_ref> pop_to_mark();
  void remember(std::size_t slot);
  void recall(std::size_t slot);

  // Opcodes
  void step(unsigned char opcode);
  void read_protocol();
  void read_long();
  void read_real();
  void read_long4();
  bool step_beside(unsigned char opcode);
  void instantiate(unsigned char opcode);
  bool is_module_state(const pickle_value& state) const;
  void extend(pickle_kind wanted, const std::vector<pickle_ref>& items);
  void import_lines();
  void import(std::string_view module, std::string_view name);
  void import_from_stack();
  void call();
  std::string changing_flag(const pickle_value& metadata) const;
  void rebuild_tensor(const std::vector<pickle_ref>& arguments);
  void build();
  void load_storage();

  const pickle_value& at(pickle_ref ref) const { return made_.values[ref]; }
  pickle_kind kind(pickle_ref ref) const { return at(ref).kind; }
  bool all_integers(pickle_ref tuple) const;
  void refuse(fault cause, const std::string& what);
  void refuse_opcode(unsigned char opcode);

  std::string_view bytes_;
  const pickle_limits& limits_;
  std::size_t position_ = 0;
  bool stopped_ = false;
  pickle made_;
  std::unordered_map<std::string, std::int64_t> refusals_; // index in `made_.refusals`
  std::vector<pickle_ref> stack_;
  std::vector<std::size_t> marks_;
  std::vector<pickle_ref> memo_;
  std::optional<error> refusal_;
};

} // namespace winnow
