#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace winnow {

/// The books of a shop in the order of their sales, kept up to date purchase by purchase.
class bestsellers {
public:
  explicit bestsellers(std::size_t books);

  void sold(std::uint32_t book);

  /// The best-selling books that pass the filter, at most `count`, best first.
  std::vector<std::uint32_t> top(std::size_t count, const std::function<bool(std::uint32_t)>& passes) const;

private:
  std::vector<std::uint32_t> order_; // books, best-selling first
  std::vector<std::size_t> place_;   // by book: where it stands in `order_`
  std::vector<std::uint64_t> sales_; // by book
};

} // namespace winnow
