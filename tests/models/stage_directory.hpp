#pragma once

#include "models/model_set.hpp"
#include "tests/models/fixtures.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <string>
#include <string_view>

namespace winnow::test {

/// A model directory: the bookshop, the rankers and model.json of `stage_models`, and a feature file with a
/// price for each item.
struct stage_directory {
  temporary_directory dir;

  stage_directory() {
    std::filesystem::copy(fixture("bookshop"), dir.path(), std::filesystem::copy_options::recursive);
    std::filesystem::copy(fixture("stage_models"), dir.path(),
                          std::filesystem::copy_options::recursive |
                              std::filesystem::copy_options::overwrite_existing);
    std::ofstream features(dir.path() / "item_features.csv");
    features << "item_id,stock,price\n";
    const auto shop = need(load_model_set(settings_of(fixture("bookshop"))));
    for (std::uint32_t item = 0; item < shop->items.size(); ++item)
      features << shop->items[item] << "," << 1000 + item << "," << price(item) << "\n";
  }

  static float price(std::uint32_t item) { return static_cast<float>(item % 17) / 16; }

  static model_settings settings_of(const std::filesystem::path& path) {
    model_settings settings;
    settings.dir = path.string();
    return settings;
  }

  void write(const char* name, std::string_view text) const { std::ofstream(dir.path() / name) << text; }
  result<model_set_ptr> try_load() const { return load_model_set(settings_of(dir.path())); }
  model_set_ptr load() const { return need(try_load()); }

  std::string refusal() const {
    const auto loaded = try_load();
    BOOST_REQUIRE(!loaded);
    return loaded.error().message;
  }
};

} // namespace winnow::test
