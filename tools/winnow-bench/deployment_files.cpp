#include "tools/winnow-bench/deployment_files.hpp"

#include "models/files/output_file.hpp"
#include "models/training/table_writer.hpp"
#include "tools/winnow-bench/synthetic_deployment.hpp"

#include <fstream>

namespace winnow::bench {

namespace {

/// Writes a float32 matrix in NumPy's format, version 1.0.
result<void> write_npy(const std::filesystem::path& path, const std::vector<float>& values,
                       std::size_t width) {
  auto head = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + std::to_string(values.size() / width) +
              ", " + std::to_string(width) + "), }";
  constexpr std::size_t magic = 10, alignment = 64;
  head.append(alignment - (magic + head.size() + 1) % alignment, ' ');
  head.push_back('\n');
  std::string start = "\x93NUMPY";
  start += {'\x01', '\x00', static_cast<char>(head.size() & 0xFFU), static_cast<char>(head.size() >> 8U)};
  auto file = output_file::create(path);
  if (!file)
    return tl::unexpected(file.error());
  if (auto written = file->write(start + head); !written)
    return written;
  if (auto written =
          file->write({reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)});
      !written)
    return written;
  return file->close();
}

std::string id_lines(const id_table& ids) {
  std::string text;
  for (std::size_t i = 0; i < ids.size(); ++i)
    text.append(ids[i]).push_back('\n');
  return text;
}

std::string profile_lines(const synthetic_catalogue& catalogue, const synthetic_users& users) {
  std::string text;
  for (std::size_t user = 0; user < users.ids.size(); ++user) {
    text.append(users.ids[user]).append("\t[");
    const char* between = "\"";
    for (const auto item : users.histories[user]) {
      text.append(between).append(catalogue.ids[item]).push_back('"');
      between = ", \"";
    }
    text.append("]\n");
  }
  return text;
}

} // namespace

result<void> write_deployment(const std::filesystem::path& dir, const synthetic_catalogue& catalogue,
                              const synthetic_users& users, const std::string& meta) {
  const auto models = dir / "model_output";
  const auto columns = numbered("emb_", embedding_width);
  const table_part items{columns, catalogue.embeddings.data(), embedding_width};
  const table_part readers{columns, users.embeddings.data(), embedding_width};
  const table_part features{{"category_hash", "brand_hash", "price_scaled"}, catalogue.features.data(), 3};
  result<void> done;
  const auto then = [&done](auto write) {
    if (done)
      done = write();
  };
  then([&] {
    return write_table(models / "lightgcn/item_embeddings.csv", "item_id", catalogue.ids, {&items, 1});
  });
  then([&] {
    return write_table(models / "lightgcn/user_embeddings.csv", "user_id", users.ids, {&readers, 1});
  });
  then([&] { return write_table(models / "item_features.csv", "item_id", catalogue.ids, {&features, 1}); });
  then([&] { return write_npy(dir / "item_emb.npy", catalogue.embeddings, embedding_width); });
  then([&] { return write_npy(dir / "user_emb.npy", users.embeddings, embedding_width); });
  then([&] { return write_npy(dir / "item_feat.npy", catalogue.features, 3); });
  then([&] { return write_file(dir / "item_ids.txt", id_lines(catalogue.ids)); });
  then([&] { return write_file(dir / "user_ids.txt", id_lines(users.ids)); });
  then([&] { return write_file(dir / "profiles.tsv", profile_lines(catalogue, users)); });
  then([&] { return write_file(dir / "meta.json", meta); });
  return done;
}

result<void> read_profiles(const std::filesystem::path& file, std::vector<std::string>& users,
                           std::vector<std::string>& profiles) {
  std::ifstream input(file, std::ios::binary);
  if (!input)
    return fail(fault::io_error, file.string() + ": cannot be read");
  for (std::string line; std::getline(input, line);) {
    const auto tab = line.find('\t');
    if (tab == std::string::npos)
      return fail(fault::malformed, file.string() + ": expected a user, a tab and a profile, got " + line);
    users.push_back(line.substr(0, tab));
    profiles.push_back(line.substr(tab + 1));
  }
  return {};
}

} // namespace winnow::bench
