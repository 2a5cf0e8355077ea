#include "models/checkpoint/tensor_storage.hpp"

#include <cmath>
#include <cstring>
#include <limits>
#include <string>

namespace winnow {

namespace {

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "storages are read as little-endian");
static_assert(std::numeric_limits<float>::is_iec559 && sizeof(double) == 8);

template<class T>
T load(const char* at) {
  T value;
  std::memcpy(&value, at, sizeof value); // storages need not be aligned in the file
  return value;
}

float from_bits(std::uint32_t bits) {
  float value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

/// IEEE 754 binary16.
float half_to_float(std::uint16_t half) {
  const std::uint32_t sign = (half & 0x8000U) << 16U;
  const std::uint32_t exponent = half >> 10U & 0x1FU;
  const std::uint32_t fraction = half & 0x3FFU;
  if (exponent == 0x1F)
    return from_bits(sign | 0x7F800000U | fraction << 13U);
  if (exponent != 0)
    return from_bits(sign | (exponent + 112U) << 23U | fraction << 13U); // 112: difference of the biases
  const auto magnitude = std::ldexp(static_cast<float>(fraction), -24);
  return sign != 0 ? -magnitude : magnitude;
}

/// Calls `visit` with the storage index of each element, in row-major order.
template<class Visit>
void for_each_index(const storage_view& view, std::size_t count, Visit visit) {
  const auto rank = view.shape.size();
  std::vector<std::int64_t> at(rank, 0);
  auto index = view.offset;
  for (std::size_t done = 0; done < count; ++done) {
    visit(index);
    for (auto axis = rank; axis-- > 0;) {
      if (++at[axis] < view.shape[axis]) {
        index += view.strides[axis];
        break;
      }
      index -= view.strides[axis] * (view.shape[axis] - 1);
      at[axis] = 0;
    }
  }
}

template<class T, class Convert>
std::vector<float> gather(const storage_view& view, std::size_t count, Convert convert) {
  std::vector<float> values;
  values.reserve(count);
  for_each_index(view, count, [&](std::int64_t index) {
    values.push_back(convert(load<T>(view.bytes.data() + static_cast<std::size_t>(index) * sizeof(T))));
  });
  return values;
}

template<class T>
std::vector<float> gather(const storage_view& view, std::size_t count) {
  return gather<T>(view, count, [](T value) { return static_cast<float>(value); });
}

} // namespace

result<std::size_t> checked_size(const storage_view& view, std::size_t max_elements) {
  if (view.shape.size() != view.strides.size())
    return fail(fault::malformed, "a shape of " + std::to_string(view.shape.size()) + " and strides of " +
                                      std::to_string(view.strides.size()) + " dimensions");
  const auto stored = view.bytes.size() / size_of(view.element);
  std::size_t count = 1;
  auto last = view.offset;
  auto overflow = view.offset < 0;
  for (std::size_t axis = 0; axis < view.shape.size(); ++axis) {
    const auto extent = view.shape[axis];
    std::int64_t reach = 0;
    if (extent < 0 || view.strides[axis] < 0)
      return fail(fault::malformed, "a negative extent or stride");
    overflow |= __builtin_mul_overflow(extent > 0 ? extent - 1 : 0, view.strides[axis], &reach);
    overflow |= __builtin_add_overflow(last, reach, &last);
    overflow |= __builtin_mul_overflow(count, static_cast<std::size_t>(extent), &count);
  }
  if (overflow || (count > 0 && static_cast<std::size_t>(last) >= stored))
    return fail(fault::malformed, "reaches beyond its storage of " + std::to_string(stored) + " " +
                                      std::string(to_string(view.element)) + " elements");
  if (count > max_elements)
    return fail(fault::too_large,
                std::to_string(count) + " elements, more than the limit of " + std::to_string(max_elements));
  return count;
}

std::vector<float> to_floats(const storage_view& view, std::size_t count) {
  switch (view.element) {
  case element_type::float64:
    return gather<double>(view, count);
  case element_type::float32:
    return gather<float>(view, count);
  case element_type::float16:
    return gather<std::uint16_t>(view, count, half_to_float);
  case element_type::bfloat16:
    return gather<std::uint16_t>(view, count,
                                 [](std::uint16_t value) { return from_bits(std::uint32_t{value} << 16U); });
  case element_type::int64:
    return gather<std::int64_t>(view, count);
  case element_type::int32:
    return gather<std::int32_t>(view, count);
  case element_type::int16:
    return gather<std::int16_t>(view, count);
  case element_type::int8:
    return gather<std::int8_t>(view, count);
  case element_type::uint8:
    return gather<std::uint8_t>(view, count);
  case element_type::boolean:
    return gather<std::uint8_t>(view, count, [](std::uint8_t value) { return value != 0 ? 1.0F : 0.0F; });
  }
  return {};
}

std::size_t size_of(element_type type) noexcept {
  switch (type) {
  case element_type::float64:
  case element_type::int64:
    return 8;
  case element_type::float32:
  case element_type::int32:
    return 4;
  case element_type::float16:
  case element_type::bfloat16:
  case element_type::int16:
    return 2;
  case element_type::int8:
  case element_type::uint8:
  case element_type::boolean:
    return 1;
  }
  return 1;
}

bool is_integer(element_type type) noexcept {
  switch (type) {
  case element_type::int64:
  case element_type::int32:
  case element_type::int16:
  case element_type::int8:
  case element_type::uint8:
  case element_type::boolean:
    return true;
  case element_type::float64:
  case element_type::float32:
  case element_type::float16:
  case element_type::bfloat16:
    return false;
  }
  return false;
}

std::string_view to_string(element_type type) noexcept {
  switch (type) {
  case element_type::float64:
    return "float64";
  case element_type::float32:
    return "float32";
  case element_type::float16:
    return "float16";
  case element_type::bfloat16:
    return "bfloat16";
  case element_type::int64:
    return "int64";
  case element_type::int32:
    return "int32";
  case element_type::int16:
    return "int16";
  case element_type::int8:
    return "int8";
  case element_type::uint8:
    return "uint8";
  case element_type::boolean:
    return "bool";
  }
  return "?";
}

} // namespace winnow
