#include "models/attributes/catalogue_attributes.hpp"

#include <utility>

namespace winnow {

catalogue_attributes::catalogue_attributes(item_attributes all, const id_table& trained)
    : all_(std::move(all)), rows_(trained.size()) {
  for (std::size_t item = 0; item < rows_.size(); ++item)
    rows_[item] = all_.row_of(trained[item]);
}

result<std::shared_ptr<const catalogue_attributes>> load_attributes(const std::filesystem::path& file,
                                                                    const id_table& trained) {
  if (file.empty())
    return nullptr;
  auto all = item_attributes::read(file);
  if (!all)
    return tl::unexpected(all.error());
  return std::make_shared<const catalogue_attributes>(std::move(*all), trained);
}

} // namespace winnow
