#pragma once

#include <cstddef>
#include <cstdint>
#include <gsl/span>
#include <memory>
#include <utility>
#include <vector>

namespace winnow {

/// The numbers of a table: a vector of its own, or a part of a mapped file, which copies share. Readers need
/// not know which.
template<class T>
class number_array {
public:
  using value_type = T;
  using const_iterator = const T*;

  number_array() = default;
  number_array(std::vector<T> own) // NOLINT(google-explicit-constructor): a vector is such an array
      : own_(std::move(own)) {}

  /// @param file Keeps the numbers alive.
  number_array(gsl::span<const T> mapped, std::shared_ptr<const void> file)
      : mapped_(mapped), file_(std::move(file)) {}

  const T* data() const noexcept { return file_ ? mapped_.data() : own_.data(); }
  std::size_t size() const noexcept { return file_ ? mapped_.size() : own_.size(); }
  bool empty() const noexcept { return size() == 0; }
  const T* begin() const noexcept { return data(); }
  const T* end() const noexcept { return data() + size(); }
  const T& operator[](std::size_t at) const noexcept { return data()[at]; }

  /// Whether the numbers are in a mapped file.
  bool is_mapped() const noexcept { return file_ != nullptr; }

  /// The vector, to be filled or changed. Only if the numbers are not in a mapped file.
  std::vector<T>& own() noexcept { return own_; }
  const std::vector<T>& own() const noexcept { return own_; }

private:
  std::vector<T> own_;
  gsl::span<const T> mapped_;
  std::shared_ptr<const void> file_;
};

using float_array = number_array<float>;
using half_array = number_array<std::uint16_t>; ///< IEEE 754 binary16

} // namespace winnow
