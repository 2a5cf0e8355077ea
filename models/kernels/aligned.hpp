#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <vector>

namespace winnow {

/// Allocates on cache-line boundaries (64 bytes), so that 16 floats fill exactly one line.
template<class T>
struct cache_line_allocator {
  using value_type = T;
  static constexpr std::align_val_t alignment{64};

  cache_line_allocator() = default;
  template<class U>
  cache_line_allocator(const cache_line_allocator<U>&) noexcept {}

  T* allocate(std::size_t count) { return static_cast<T*>(::operator new(count * sizeof(T), alignment)); }
  void deallocate(T* memory, std::size_t) noexcept { ::operator delete(memory, alignment); }

  template<class U>
  bool operator==(const cache_line_allocator<U>&) const noexcept {
    return true;
  }
  template<class U>
  bool operator!=(const cache_line_allocator<U>&) const noexcept {
    return false;
  }
};

using aligned_floats = std::vector<float, cache_line_allocator<float>>;
using aligned_shorts = std::vector<std::uint16_t, cache_line_allocator<std::uint16_t>>;

} // namespace winnow
