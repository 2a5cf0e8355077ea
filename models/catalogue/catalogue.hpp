#pragma once

#include "models/catalogue/id_table.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace winnow {

/// The ids of all items: the trained ones and, behind them, those that were adopted since. Copies share the
/// tables.
class catalogue {
public:
  explicit catalogue(id_table trained = {})
      : trained_(std::make_shared<const id_table>(std::move(trained))) {}

  /// Returns the catalogue with other adopted items. @param adopted None of them is a trained one.
  catalogue with(std::shared_ptr<const id_table> adopted) const {
    catalogue extended = *this;
    extended.adopted_ = std::move(adopted);
    return extended;
  }

  std::optional<std::uint32_t> find(std::string_view id) const {
    if (const auto found = trained_->find(id); found || !adopted_)
      return found;
    const auto found = adopted_->find(id);
    return found ? std::optional(static_cast<std::uint32_t>(trained_->size()) + *found) : std::nullopt;
  }

  /// The id at an index below `size()`.
  std::string_view operator[](std::size_t at) const {
    return is_adopted(at) ? (*adopted_)[at - trained_->size()] : (*trained_)[at];
  }

  bool is_adopted(std::size_t at) const { return at >= trained_->size(); }
  std::size_t size() const { return trained_->size() + (adopted_ ? adopted_->size() : 0); }
  const id_table& trained() const { return *trained_; }

private:
  std::shared_ptr<const id_table> trained_;
  std::shared_ptr<const id_table> adopted_; ///< Null if there are none.
};

} // namespace winnow
