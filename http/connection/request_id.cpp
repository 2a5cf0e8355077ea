#include "http/connection/request_id.hpp"

#include <random>

namespace winnow::http {

request_id_source::request_id_source() {
  std::random_device device;
  state_ = (static_cast<std::uint64_t>(device()) << 32) ^ device();
}

std::string request_id_source::next() {
  // splitmix64: a counter whose bits are mixed bijectively, so the mixed values repeat only after 2^64.
  std::uint64_t mixed = state_ += 0x9E3779B97F4A7C15u;
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9u;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBu;
  mixed ^= mixed >> 31;

  constexpr char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
  std::string id(13, '0');
  for (char& digit : id) {
    digit = digits[mixed & 31];
    mixed >>= 5;
  }
  return id;
}

} // namespace winnow::http
