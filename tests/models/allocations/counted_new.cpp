#include "tests/models/allocations/counted_new.hpp"

#include <cstdlib>
#include <new>

namespace {

thread_local std::size_t count = 0;

void* counted(void* made) {
  if (made == nullptr)
    throw std::bad_alloc();
  ++count;
  return made;
}

} // namespace

std::size_t winnow::test::allocations() noexcept {
  return count;
}

// The forms for arrays and without exceptions call these.

void* operator new(std::size_t size) {
  return counted(std::malloc(size == 0 ? 1 : size));
}

void* operator new(std::size_t size, std::align_val_t alignment) {
  const auto unit = static_cast<std::size_t>(alignment);
  return counted(std::aligned_alloc(unit, (size + unit - 1) / unit * unit));
}

void operator delete(void* given) noexcept {
  std::free(given);
}

void operator delete(void* given, std::size_t) noexcept {
  std::free(given);
}

void operator delete(void* given, std::align_val_t) noexcept {
  std::free(given);
}

void operator delete(void* given, std::size_t, std::align_val_t) noexcept {
  std::free(given);
}
