#include "models/attributes/catalogue_attributes.hpp"

#include <algorithm>
#include <utility>

namespace winnow {

catalogue_attributes::catalogue_attributes(item_attributes all, const id_table& trained,
                                           std::optional<file_stamp> file)
    : all_(std::move(all)), rows_(trained.size()), file_(file) {
  for (std::size_t item = 0; item < rows_.size(); ++item)
    rows_[item] = all_.row_of(trained[item]);
  note_order();
}

void catalogue_attributes::note_order() noexcept {
  in_order_ = 0;
  while (in_order_ < rows_.size() && rows_[in_order_] == in_order_)
    ++in_order_;
}

catalogue_attributes catalogue_attributes::with(gsl::span<const item_values> changes,
                                                const id_table& trained) const {
  catalogue_attributes changed = *this;
  changed.all_ = all_.with(changes);
  const auto missing = static_cast<std::uint32_t>(all_.ids().size());
  const auto now_missing = static_cast<std::uint32_t>(changed.all_.ids().size());
  if (missing == now_missing)
    return changed;
  std::replace(changed.rows_.begin(), changed.rows_.end(), missing, now_missing);
  for (auto row = missing; row < now_missing; ++row)
    if (const auto item = trained.find(changed.all_.ids()[row]))
      changed.rows_[*item] = row;
  changed.note_order();
  return changed;
}

result<std::shared_ptr<const catalogue_attributes>> load_attributes(const std::filesystem::path& file,
                                                                    const id_table& trained) {
  if (file.empty())
    return nullptr;
  const auto stamp = stamp_of(file);
  auto all = item_attributes::read(file);
  if (!all)
    return tl::unexpected(all.error());
  return std::make_shared<const catalogue_attributes>(std::move(*all), trained, stamp);
}

} // namespace winnow
