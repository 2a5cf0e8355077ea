#include "models/checkpoint/pickle_globals.hpp"

#include <array>

namespace winnow {

namespace {

using role = global_role;
using type = element_type;

// torch.save still names storages by the old type names, in every version, so torch.storage.TypedStorage and
// UntypedStorage are not needed.
constexpr std::array globals = {
    known_global{"collections.OrderedDict", role::ordered_dict},
    known_global{"collections.defaultdict", role::default_dict},
    known_global{"torch._utils._rebuild_tensor_v2", role::rebuild_tensor},
    known_global{"torch._utils._rebuild_parameter", role::rebuild_parameter},
    known_global{"torch.Size", role::pass_through},
    known_global{"torch.device", role::pass_through},
    known_global{"torch.DoubleStorage", role::storage_type, type::float64},
    known_global{"torch.FloatStorage", role::storage_type, type::float32},
    known_global{"torch.HalfStorage", role::storage_type, type::float16},
    known_global{"torch.BFloat16Storage", role::storage_type, type::bfloat16},
    known_global{"torch.LongStorage", role::storage_type, type::int64},
    known_global{"torch.IntStorage", role::storage_type, type::int32},
    known_global{"torch.ShortStorage", role::storage_type, type::int16},
    known_global{"torch.CharStorage", role::storage_type, type::int8},
    known_global{"torch.ByteStorage", role::storage_type, type::uint8},
    known_global{"torch.BoolStorage", role::storage_type, type::boolean},
    known_global{"torch.float64"},
    known_global{"torch.float32"},
    known_global{"torch.float16"},
    known_global{"torch.bfloat16"},
    known_global{"torch.int64"},
    known_global{"torch.int32"},
    known_global{"torch.int16"},
    known_global{"torch.int8"},
    known_global{"torch.uint8"},
    known_global{"torch.bool"},
};

struct opcode_entry {
  unsigned char code;
  std::string_view name;
};

constexpr std::array opcodes = {
    opcode_entry{'(', "MARK"},
    opcode_entry{'.', "STOP"},
    opcode_entry{'0', "POP"},
    opcode_entry{'1', "POP_MARK"},
    opcode_entry{'2', "DUP"},
    opcode_entry{'F', "FLOAT"},
    opcode_entry{'I', "INT"},
    opcode_entry{'J', "BININT"},
    opcode_entry{'K', "BININT1"},
    opcode_entry{'L', "LONG"},
    opcode_entry{'M', "BININT2"},
    opcode_entry{'N', "NONE"},
    opcode_entry{'P', "PERSID"},
    opcode_entry{'Q', "BINPERSID"},
    opcode_entry{'R', "REDUCE"},
    opcode_entry{'S', "STRING"},
    opcode_entry{'T', "BINSTRING"},
    opcode_entry{'U', "SHORT_BINSTRING"},
    opcode_entry{'V', "UNICODE"},
    opcode_entry{'X', "BINUNICODE"},
    opcode_entry{'a', "APPEND"},
    opcode_entry{'b', "BUILD"},
    opcode_entry{'c', "GLOBAL"},
    opcode_entry{'d', "DICT"},
    opcode_entry{'}', "EMPTY_DICT"},
    opcode_entry{'e', "APPENDS"},
    opcode_entry{'g', "GET"},
    opcode_entry{'h', "BINGET"},
    opcode_entry{'i', "INST"},
    opcode_entry{'j', "LONG_BINGET"},
    opcode_entry{'l', "LIST"},
    opcode_entry{']', "EMPTY_LIST"},
    opcode_entry{'o', "OBJ"},
    opcode_entry{'p', "PUT"},
    opcode_entry{'q', "BINPUT"},
    opcode_entry{'r', "LONG_BINPUT"},
    opcode_entry{'s', "SETITEM"},
    opcode_entry{'t', "TUPLE"},
    opcode_entry{')', "EMPTY_TUPLE"},
    opcode_entry{'u', "SETITEMS"},
    opcode_entry{'G', "BINFLOAT"},
    opcode_entry{0x80, "PROTO"},
    opcode_entry{0x81, "NEWOBJ"},
    opcode_entry{0x82, "EXT1"},
    opcode_entry{0x83, "EXT2"},
    opcode_entry{0x84, "EXT4"},
    opcode_entry{0x85, "TUPLE1"},
    opcode_entry{0x86, "TUPLE2"},
    opcode_entry{0x87, "TUPLE3"},
    opcode_entry{0x88, "NEWTRUE"},
    opcode_entry{0x89, "NEWFALSE"},
    opcode_entry{0x8a, "LONG1"},
    opcode_entry{0x8b, "LONG4"},
    opcode_entry{'B', "BINBYTES"},
    opcode_entry{'C', "SHORT_BINBYTES"},
    opcode_entry{0x8c, "SHORT_BINUNICODE"},
    opcode_entry{0x8d, "BINUNICODE8"},
    opcode_entry{0x8e, "BINBYTES8"},
    opcode_entry{0x8f, "EMPTY_SET"},
    opcode_entry{0x90, "ADDITEMS"},
    opcode_entry{0x91, "FROZENSET"},
    opcode_entry{0x92, "NEWOBJ_EX"},
    opcode_entry{0x93, "STACK_GLOBAL"},
    opcode_entry{0x94, "MEMOIZE"},
    opcode_entry{0x95, "FRAME"},
    opcode_entry{0x96, "BYTEARRAY8"},
    opcode_entry{0x97, "NEXT_BUFFER"},
    opcode_entry{0x98, "READONLY_BUFFER"},
};

} // namespace

const known_global* find_global(std::string_view module, std::string_view name) {
  for (const auto& known : globals) {
    const auto dot = known.name.rfind('.');
    if (known.name.substr(0, dot) == module && known.name.substr(dot + 1) == name)
      return &known;
  }
  return nullptr;
}

std::string_view opcode_name(unsigned char opcode) {
  for (const auto& [code, name] : opcodes)
    if (code == opcode)
      return name;
  return {};
}

} // namespace winnow
