#include "tools/winnow-train/model_directory.hpp"

#include "models/files/csv_field.hpp"
#include "models/files/file_digest.hpp"
#include "models/files/input_file.hpp"
#include "models/files/output_file.hpp"
#include "models/learning/mark_file.hpp"
#include "models/manifest.hpp"
#include "models/registry/version_name.hpp"
#include "models/training/checkpoint_writer.hpp"
#include "models/training/table_writer.hpp"
#include "models/training/transition_writer.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <iterator>
#include <system_error>
#include <unistd.h>

namespace winnow {

namespace {

namespace fs = std::filesystem;

/// Rows `first` up to `last` as a tensor, without padding.
named_tensor rows_as_tensor(const std::string& name, const embedding_rows& rows, std::size_t first,
                            std::size_t last) {
  named_tensor tensor{
      name, {static_cast<std::int64_t>(last - first), static_cast<std::int64_t>(rows.width())}, {}};
  tensor.values.reserve((last - first) * rows.width());
  for (auto row = first; row < last; ++row)
    tensor.values.insert(tensor.values.end(), rows.row(row), rows.row(row) + rows.width());
  return tensor;
}

/// The users with training items. Nothing tells the others apart: a list by their vectors would be in the
/// order of the catalogue, while one for a user who is not known has what is popular.
std::vector<std::uint32_t> trained_users(const interaction_split& data) {
  return data.train.users_with_items(data.users.size());
}

id_table picked(const id_table& ids, const std::vector<std::uint32_t>& places) {
  id_table some;
  for (const auto place : places)
    some.insert(ids[place]);
  return some;
}

embedding_rows picked(const embedding_rows& rows, const std::vector<std::uint32_t>& places) {
  embedding_rows some(places.size(), rows.width());
  for (std::size_t row = 0; row < places.size(); ++row)
    std::copy_n(rows.row(places[row]), rows.width(), some.row(row));
  return some;
}

std::vector<std::int64_t> as_numbers(const std::vector<std::size_t>& sizes) {
  return {sizes.begin(), sizes.end()};
}

std::vector<std::int64_t> as_numbers(std::size_t size) {
  return {static_cast<std::int64_t>(size)};
}

/// The files that a draft may have, besides the description and the manifest.
constexpr const char* file_names[] = {"lightgcn/user_embeddings.csv",
                                      "lightgcn/item_embeddings.csv",
                                      "lightgcn/user_fold_in.csv",
                                      "lightgcn/item_fold_in.csv",
                                      "lightgcn/best_model.pth",
                                      "transitions.csv",
                                      counted_histories_file,
                                      "popularity.csv",
                                      "items.csv",
                                      "item_features.csv",
                                      "din/best_model.pth",
                                      "ranknet/best_model.pth"};

tl::unexpected<error> refused(const fs::path& path, const char* what, const std::error_code& why) {
  return fail(fault::io_error, path.string() + ": cannot " + what + ": " + why.message());
}

/// Refuses what is no folder that files can be moved into. One that does not exist yet can be made.
result<void> check_folder(const fs::path& folder) {
  std::error_code unknown;
  const auto status = fs::status(folder, unknown);
  if (!fs::exists(status))
    return {};
  if (!fs::is_directory(status))
    return fail(fault::io_error, folder.string() + ": expected a directory, got another file");
  if (::access(folder.c_str(), W_OK | X_OK) != 0)
    return refused(folder, "write to it", {errno, std::generic_category()});
  return {};
}

/// Refuses a place that no file can take.
result<void> check_place(const fs::path& file) {
  std::error_code unknown;
  if (fs::is_directory(file, unknown))
    return fail(fault::io_error, file.string() + ": expected a file or none, got a directory");
  return check_folder(file.parent_path());
}

/// The same of all files of a model directory.
result<void> check_files(const fs::path& directory) {
  std::vector<std::string> names(std::begin(file_names), std::end(file_names));
  names.insert(names.end(), {"model.json", manifest_file});
  for (const auto& name : names)
    if (auto free = check_place(directory / name); !free)
      return free;
  return {};
}

} // namespace

item_columns columns_of(const interaction_split& data, const item_metadata* metadata) {
  item_columns columns;
  columns.names = {"popularity"};
  const std::size_t known = metadata ? metadata->columns.size() : 0;
  if (metadata)
    columns.names.insert(columns.names.end(), metadata->columns.begin(), metadata->columns.end());
  const auto counts = taken_counts(data.train, data.items.size());
  for (std::size_t item = 0; item < counts.size(); ++item) {
    columns.values.push_back(static_cast<float>(std::log1p(static_cast<double>(counts[item]))));
    for (std::size_t k = 0; k < known; ++k)
      columns.values.push_back(metadata->values[item * known + k]);
  }
  return columns;
}

result<void> model_draft::check_places(bool as_version) const {
  return as_version ? check_folder(target_ / versions_directory) : check_files(target_);
}

result<bool> model_draft::begin(bool resumes) const {
  std::error_code failed;
  fs::create_directories(draft_, failed);
  if (failed)
    return refused(target_, "write to it", failed);
  if (auto free = check_files(draft_); !free)
    return tl::unexpected(free.error());
  auto left = files();
  left.emplace_back("model.json");
  left.emplace_back(manifest_file);
  for (const auto& name : left) {
    fs::remove(draft_ / name, failed);
    if (failed)
      return refused(draft_ / name, "remove", failed);
  }
  bool any = false;
  for (const char* stage : {"lightgcn", "din"})
    if (!resumes && fs::remove(state_of(stage), failed))
      any = true;
    else if (failed)
      return refused(state_of(stage), "remove", failed);
  return any;
}

result<void> model_draft::take_over(const std::vector<std::string>& files,
                                    const std::vector<std::string>& optional) const {
  auto wanted = files;
  for (const auto& name : optional)
    if (std::error_code ignored; fs::exists(earlier_ / name, ignored))
      wanted.push_back(name);
  for (const auto& name : wanted) {
    std::error_code failed;
    fs::create_directories((draft_ / name).parent_path(), failed);
    fs::copy_file(earlier_ / name, draft_ / name, fs::copy_options::overwrite_existing, failed);
    if (failed == std::errc::no_space_on_device)
      return refused(draft_ / name, "write", failed);
    if (failed)
      return fail(fault::not_found,
                  (earlier_ / name).string() + ": expected from an earlier stage: " + failed.message());
    const auto written = fs::last_write_time(earlier_ / name, failed);
    if (!failed) // a copy says nothing newer
      fs::last_write_time(draft_ / name, written, failed);
  }
  return {};
}

result<void> model_draft::write_lightgcn(const interaction_split& data,
                                         const lightgcn_result& trained) const {
  const auto users = data.users.size();
  const auto known = trained_users(data);
  const bool knows_all = known.size() == users; // as nearly always: nothing is copied
  const auto known_ids = knows_all ? id_table() : picked(data.users, known);
  const auto columns = numbered("emb_", trained.propagated.width());
  const auto write = [&](const std::string& name, const embedding_rows& rows) -> result<void> {
    const auto some = knows_all ? embedding_rows() : picked(rows, known);
    const table_part of_users{columns, knows_all ? rows.row(0) : some.row(0), rows.stride()};
    const table_part of_items{columns, rows.row(users), rows.stride()};
    const auto folder = draft_ / "lightgcn";
    if (auto written = write_table(folder / ("user_" + name), "user_id", knows_all ? data.users : known_ids,
                                   {&of_users, 1});
        !written)
      return written;
    return write_table(folder / ("item_" + name), "item_id", data.items, {&of_items, 1});
  };
  if (auto written = write("embeddings.csv", trained.propagated); !written)
    return written;
  if (trained.fold_in.rows() > 0)
    if (auto written = write("fold_in.csv", trained.fold_in); !written)
      return written;
  checkpoint_content content; // filled by moves: a list of initial values would be copied
  content.tensors.push_back(
      knows_all ? rows_as_tensor("embedding_user.weight", trained.initial, 0, users)
                : rows_as_tensor("embedding_user.weight", picked(trained.initial, known), 0, known.size()));
  content.tensors.push_back(
      rows_as_tensor("embedding_item.weight", trained.initial, users, trained.initial.rows()));
  return write_checkpoint(draft_ / "lightgcn/best_model.pth", content);
}

result<void> model_draft::write_transitions(const interaction_split& data,
                                            const transition_result& trained) const {
  if (auto written = winnow::write_transitions(draft_ / "transitions.csv", data.items, trained.counts);
      !written)
    return written;
  std::vector<std::string_view> history;
  std::vector<history_mark> marks;
  for (std::size_t user = 0; user < data.train.users(); ++user) {
    history.clear();
    for (const auto item : data.train.of(user))
      history.push_back(data.items[item]);
    marks.push_back(mark_of(history));
  }
  return write_marks(draft_ / counted_histories_file, data.users, marks);
}

result<void> model_draft::write_popularity(const interaction_split& data, const fading_counts* recent) const {
  const auto counts = taken_counts(data.train, data.items.size());
  std::string text = recent == nullptr ? "item_id,count\n" : "item_id,count,recent\n";
  for (std::size_t item = 0; item < counts.size(); ++item) {
    text += csv_id(data.items[item]) + "," + std::to_string(counts[item]);
    if (recent != nullptr) {
      char number[32];
      text += ",";
      text.append(number, std::to_chars(number, number + sizeof number, recent->of(item)).ptr);
    }
    text += "\n";
  }
  return write_file(draft_ / "popularity.csv", text);
}

result<void> model_draft::write_features(const id_table& items, const item_columns& columns,
                                         const std::vector<float>& id_vectors, std::size_t id_width) const {
  const table_part parts[] = {{columns.names, columns.values.data(), columns.names.size()},
                              {numbered("din_", id_width), id_vectors.data(), id_width}};
  return write_table(draft_ / "item_features.csv", "item_id", items, parts);
}

result<void> model_draft::write_din(const din_result& trained, const din_shape& shape) const {
  return write_checkpoint(draft_ / "din/best_model.pth",
                          {"state_dict",
                           trained.tensors,
                           "config",
                           {{"embedding_dim", as_numbers(shape.embedding_width)},
                            {"attention_dim", as_numbers(shape.channels)},
                            {"mlp_hidden_dims", as_numbers(shape.hidden)}}});
}

result<void> model_draft::write_ranknet(const ranknet_result& trained, const ranknet_shape& shape,
                                        std::size_t user_width, std::size_t feature_width) const {
  return write_checkpoint(draft_ / "ranknet/best_model.pth",
                          {"model_state_dict",
                           trained.tensors,
                           "model_config",
                           {{"user_feat_dim", as_numbers(user_width)},
                            {"item_feat_dim", as_numbers(feature_width)},
                            {"embedding_dim", as_numbers(shape.embedding_width)},
                            {"hidden_dims", as_numbers(shape.hidden)}}});
}

result<void> model_draft::write_description(const nlohmann::ordered_json& description) const {
  return write_file(draft_ / "model.json", description.dump(2) + "\n");
}

result<nlohmann::ordered_json> model_draft::read_description() const {
  constexpr std::uint64_t largest = std::uint64_t{64} << 20U;
  const auto text = read_file(draft_ / "model.json", largest);
  if (!text)
    return tl::unexpected(text.error());
  auto parsed = nlohmann::ordered_json::parse(*text, nullptr, false);
  if (!parsed.is_object())
    return fail(fault::malformed, (draft_ / "model.json").string() + ": expected a JSON object");
  return parsed;
}

std::vector<std::string> model_draft::files() const {
  std::vector<std::string> there;
  std::error_code ignored;
  for (const char* name : file_names)
    if (fs::exists(draft_ / name, ignored))
      there.emplace_back(name);
  return there;
}

result<nlohmann::ordered_json> model_draft::digests() const {
  auto all = nlohmann::ordered_json::object();
  for (const auto& name : files()) {
    file_digest digest;
    if (auto added = digest.add(draft_ / name); !added)
      return tl::unexpected(added.error());
    all[name] = digest.hex();
  }
  return all;
}

} // namespace winnow
