#include "models/training/interactions/interaction_reader.hpp"

#include "models/files/part_files.hpp"
#include "models/training/interactions/history_order.hpp"
#include "models/training/interactions/interaction_rows.hpp"

#include <algorithm>

namespace winnow {

namespace {

namespace fs = std::filesystem;

/// The file itself or, if it does not exist, its gzipped form; nullopt if neither exists.
std::optional<fs::path> plain_or_packed(const fs::path& path) {
  std::error_code ignored; // opening the file reports the error
  if (fs::exists(path, ignored))
    return path;
  auto packed = path;
  packed += ".gz";
  return fs::exists(packed, ignored) ? std::optional(packed) : std::nullopt;
}

/// `train.part1.txt`, `train.part2.txt`, …, in numerical order.
std::vector<fs::path> parts_of_train(const fs::path& dir) {
  std::vector<fs::path> parts;
  for (std::size_t number = 1;; ++number) {
    const auto part = plain_or_packed(dir / ("train.part" + std::to_string(number) + ".txt"));
    if (!part)
      return parts;
    parts.push_back(*part);
  }
}

/// Replaces the events of a log with those of the files, or of folders of parts. Keeps the ids of the log and
/// adds new ones. Returns whether any file has content. @param allowed What the files may be.
result<bool> read_files(const std::vector<fs::path>& files, file_kinds allowed, item_list_files lists,
                        const reading_options& options, row_report& report, interaction_log& into) {
  into.events.clear();
  interaction_rows rows(into, options, report, lists);
  bool any = false;
  for (const auto& file : files) {
    const auto parts = part_files_of(file, allowed);
    if (!parts)
      return tl::unexpected(parts.error());
    report.note_others_in(file);
    for (const auto& part : *parts) {
      const auto read = rows.read(part);
      if (!read)
        return tl::unexpected(read.error());
      any = any || *read;
    }
  }
  rows.finish();
  if (into.events.empty())
    if (auto refused = rows.refuse_lists_without_items(); !refused)
      return tl::unexpected(refused.error());
  return any;
}

/// What tabs separate in the files of a split: items, or the columns of a table, in which users have several
/// rows.
/// @param train The files of the training part, or folders of parts.
result<item_list_files> lists_of_split(const std::vector<fs::path>& train, const reading_options& options) {
  if (are_places(options.columns))
    return item_list_files::known;
  std::vector<fs::path> files;
  for (const auto& path : train) {
    const auto parts = part_files_of(path, file_kinds::regular);
    if (!parts)
      return tl::unexpected(parts.error());
    files.insert(files.end(), parts->begin(), parts->end());
  }
  const auto tabbed = has_tabs_between_items(files);
  if (!tabbed)
    return tl::unexpected(tabbed.error());
  return *tabbed ? item_list_files::known_with_tabs : item_list_files::known;
}

std::string no_interactions_message(const fs::path& path, const row_report& report) {
  auto message = path.string() + ": expected interactions, got none (" + report.totals() + ")";
  return report.complaints.empty() ? message : message + "; first error: " + report.complaints.front();
}

} // namespace

result<interaction_log> read_interactions(const fs::path& path, const reading_options& options,
                                          row_report& report) {
  report = {};
  std::error_code ignored;
  const bool is_folder = fs::is_directory(path, ignored);
  const auto inside = path / "lightgcn_data.csv";
  const auto of_the_job = is_folder ? plain_or_packed(inside) : std::nullopt;
  const auto file = of_the_job.value_or(path);
  interaction_log log;
  const auto allowed = is_folder ? file_kinds::regular : file_kinds::pipes_too;
  const auto read = read_files({file}, allowed, item_list_files::guessed, options, report, log);
  if (!read && is_folder && !of_the_job && read.error().cause == fault::not_found)
    return fail(fault::not_found,
                path.string() + ": expected lightgcn_data.csv or part-… files, found neither");
  if (!read)
    return tl::unexpected(read.error());
  if (!*read)
    return fail(fault::malformed, file.string() + ":1:1: expected interactions, got an empty file");
  if (is_folder && !log.has_times)
    if (const auto histories = plain_or_packed(path / "train_data.csv"))
      if (auto ordered = order_by_histories(*histories, options, report, log); !ordered)
        return tl::unexpected(ordered.error());
  if (log.events.empty())
    return fail(fault::malformed, no_interactions_message(file, report));
  return log;
}

std::optional<fs::path> features_beside(const fs::path& interactions) {
  return plain_or_packed(interactions / "item_embeddings.csv");
}

result<interaction_split> read_split(const fs::path& dir, const reading_options& options,
                                     row_report& report) {
  report = {};
  const auto whole = plain_or_packed(dir / "train.txt");
  const auto train = whole ? std::vector<fs::path>{*whole} : parts_of_train(dir);
  if (train.empty())
    return fail(fault::not_found,
                (dir / "train.txt").string() + ": expected the training part of a split, found no file");

  const auto lists = lists_of_split(train, options);
  if (!lists)
    return tl::unexpected(lists.error());
  interaction_log log;
  if (const auto read = read_files(train, file_kinds::regular, *lists, options, report, log); !read)
    return tl::unexpected(read.error());
  if (log.events.empty())
    return fail(fault::malformed, no_interactions_message(train.front(), report));
  const bool has_times = log.has_times;
  std::vector<interaction> events[3] = {std::move(log.events), {}, {}};
  constexpr const char* others[] = {"valid.txt", "test.txt"};
  for (std::size_t i = 0; i < 2; ++i) {
    const auto file = plain_or_packed(dir / others[i]);
    if (!file)
      continue;
    if (const auto read = read_files({*file}, file_kinds::regular, *lists, options, report, log); !read)
      return tl::unexpected(read.error());
    events[i + 1] = std::move(log.events);
  }

  interaction_split split;
  split.train = item_lists::group(log.users.size(), events[0]);
  split.valid = item_lists::group(log.users.size(), events[1]);
  split.test = item_lists::group(log.users.size(), events[2]);
  split.users = std::move(log.users);
  split.items = std::move(log.items);
  split.has_times = has_times;
  return split;
}

} // namespace winnow
