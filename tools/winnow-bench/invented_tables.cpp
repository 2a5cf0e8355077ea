#include "tools/winnow-bench/invented_tables.hpp"

#include "models/files/output_file.hpp"
#include "models/training/support/random.hpp"
#include "tools/winnow-bench/random_checkpoints.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

namespace winnow::bench {

namespace {

namespace fs = std::filesystem;

/// Fourteen characters, different for each number.
std::string user_id(std::uint64_t number) {
  constexpr char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  constexpr std::uint64_t odd = 0x9e3779b97f4a7c15; // an odd factor permutes the numbers
  std::uint64_t mixed = number * odd;
  std::string text(14, 'A');
  for (std::size_t at = text.size() - 1; at > 0; --at, mixed /= 36)
    text[at] = alphabet[mixed % 36];
  return text;
}

std::string item_id(std::uint64_t number) {
  auto digits = std::to_string(number);
  return digits.insert(0, 10 - std::min<std::size_t>(digits.size(), 10), '0');
}

/// The texts of all numbers that occur: from -0.5 to 0.4999.
std::vector<std::string> number_texts() {
  std::vector<std::string> texts;
  for (int number = -5000; number < 5000; ++number) {
    auto digits = std::to_string(std::abs(number));
    digits.insert(0, 4 - std::min<std::size_t>(digits.size(), 4), '0');
    texts.push_back((number < 0 ? ",-0." : ",0.") + digits);
  }
  return texts;
}

template<class Id>
result<void> write_numbers(const fs::path& path, const std::string& id_column, const Id& id_of,
                           std::size_t rows, std::size_t width, random_source random) {
  static const auto texts = number_texts();
  auto file = output_file::create(path);
  if (!file)
    return tl::unexpected(file.error());
  std::string text = id_column;
  for (std::size_t k = 0; k < width; ++k)
    text += ",emb_" + std::to_string(k);
  text += "\n";
  constexpr std::size_t flush_at = std::size_t{1} << 20U;
  for (std::size_t row = 0; row < rows; ++row) {
    text += id_of(row);
    for (std::size_t k = 0; k < width; ++k)
      text += texts[random.below(texts.size())];
    text.push_back('\n');
    if (text.size() < flush_at)
      continue;
    if (auto written = file->write(text); !written)
      return written;
    text.clear();
  }
  if (auto written = file->write(text); !written)
    return written;
  return file->close();
}

} // namespace

result<deployment> prepare_tables(const fs::path& dir, const table_sizes& sizes) {
  deployment made;
  made.dir = fs::absolute(dir / ("tables-" + std::to_string(sizes.items) + "-" + std::to_string(sizes.users) +
                                 "-" + std::to_string(sizes.width) + "-" + std::to_string(sizes.seed)));
  const auto models = made.model_dir(), done = made.dir / "complete";
  std::error_code none;
  if (fs::exists(done, none))
    return made;
  constexpr std::size_t features = 3;
  const random_source random(sizes.seed);
  if (auto written = write_numbers(models / "lightgcn/item_embeddings.csv", "item_id", item_id, sizes.items,
                                   sizes.width, random);
      !written)
    return tl::unexpected(written.error());
  if (auto written = write_numbers(models / "item_features.csv", "item_id", item_id, sizes.items, features,
                                   random_source(sizes.seed + 1));
      !written)
    return tl::unexpected(written.error());
  if (auto written = write_numbers(models / "lightgcn/user_embeddings.csv", "user_id", user_id, sizes.users,
                                   sizes.width, random_source(sizes.seed + 2));
      !written)
    return tl::unexpected(written.error());
  if (auto written = write_random_checkpoints(models, sizes.seed); !written)
    return tl::unexpected(written.error());
  if (auto written = write_file(done, ""); !written)
    return tl::unexpected(written.error());
  return made;
}

} // namespace winnow::bench
