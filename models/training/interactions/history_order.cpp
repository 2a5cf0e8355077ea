#include "models/training/interactions/history_order.hpp"

#include "config/text/number_text.hpp"
#include "models/files/csv_reader.hpp"
#include "models/files/id_field.hpp"
#include "models/files/part_files.hpp"
#include "models/training/interactions/columns/column_names.hpp"

#include <algorithm>
#include <functional>
#include <queue>
#include <unordered_map>
#include <unordered_set>

namespace winnow {

namespace {

constexpr std::uint32_t never = 0xFFFFFFFF;

constexpr std::uint64_t pair_key(std::uint32_t a, std::uint32_t b) {
  return std::uint64_t{a} << 32U | b;
}

/// Collects which of a log's pairs follow each other, and derives their order.
class pair_order {
public:
  explicit pair_order(interaction_log& log) : log_(log) {
    for (const auto& event : log.events)
      pair_of(event.user, event.item);
  }

  /// Adds items that a user took one after the other.
  void add_sequence(std::uint32_t user, const std::vector<std::uint32_t>& items) {
    ++sequences_;
    auto last = never;
    for (const auto item : items) {
      const auto pair = pair_of(user, item);
      if (seen_in_[pair] == sequences_)
        continue; // a repetition: only the first time counts
      seen_in_[pair] = sequences_;
      if (rank_[pair] == never)
        rank_[pair] = ranks_++;
      if (last != never && edges_.insert(pair_key(last, pair)).second) {
        next_.push_back({last, pair});
        ++before_[pair];
      }
      last = pair;
    }
  }

  /// Rewrites the log's events, user by user.
  void apply() {
    std::sort(next_.begin(), next_.end());
    std::vector<std::vector<std::uint32_t>> of_user(log_.users.size());
    for (std::uint32_t pair = 0; pair < pairs_.size(); ++pair)
      of_user[pairs_[pair].user].push_back(pair);
    log_.events.clear();
    for (const auto& mine : of_user)
      put_in_order(mine);
  }

private:
  std::uint32_t pair_of(std::uint32_t user, std::uint32_t item) {
    const auto [at, is_new] = index_.emplace(pair_key(user, item), static_cast<std::uint32_t>(pairs_.size()));
    if (is_new) {
      pairs_.push_back({user, item, 0});
      rank_.push_back(never);
      before_.push_back(0);
      seen_in_.push_back(0);
    }
    return at->second;
  }

  void take(std::uint32_t pair) {
    auto event = pairs_[pair];
    event.time = static_cast<std::int64_t>(log_.events.size());
    log_.events.push_back(event);
  }

  /// Takes the pairs that are in no sequence, then repeatedly a pair without a remaining predecessor; of
  /// several, the one that was seen earliest.
  void put_in_order(std::vector<std::uint32_t> mine) {
    const auto ranked = std::stable_partition(mine.begin(), mine.end(),
                                              [&](std::uint32_t pair) { return rank_[pair] == never; });
    std::for_each(mine.begin(), ranked, [&](std::uint32_t pair) { take(pair); });
    std::sort(ranked, mine.end(), [&](std::uint32_t a, std::uint32_t b) { return rank_[a] < rank_[b]; });

    using candidate = std::pair<std::uint32_t, std::uint32_t>; // rank and pair
    std::priority_queue<candidate, std::vector<candidate>, std::greater<>> ready;
    const auto release = [&](std::uint32_t pair) {
      before_[pair] = never; // never again
      ready.push({rank_[pair], pair});
    };
    for (auto at = ranked; at != mine.end(); ++at)
      if (before_[*at] == 0)
        release(*at);
    for (auto oldest = ranked; oldest != mine.end();) {
      if (ready.empty()) {
        // All are taken, or the rows form a cycle: cut it at the pair that was seen first.
        if (before_[*oldest] != never)
          release(*oldest);
        else
          ++oldest;
        continue;
      }
      const auto pair = ready.top().second;
      ready.pop();
      take(pair);
      for (auto edge = std::lower_bound(next_.begin(), next_.end(), std::pair{pair, std::uint32_t{0}});
           edge != next_.end() && edge->first == pair; ++edge)
        if (before_[edge->second] != never && --before_[edge->second] == 0)
          release(edge->second);
    }
  }

  interaction_log& log_;
  std::unordered_map<std::uint64_t, std::uint32_t> index_;
  std::vector<interaction> pairs_;
  std::vector<std::uint32_t> rank_;   ///< By pair: its place in the order of first sight.
  std::vector<std::uint32_t> before_; ///< By pair: direct predecessors that are not taken yet.
  std::vector<std::uint64_t> seen_in_;
  std::unordered_set<std::uint64_t> edges_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> next_;
  std::uint64_t sequences_ = 0;
  std::uint32_t ranks_ = 0;
};

/// Positions of the columns of `train_data.csv`.
struct history_columns {
  std::size_t user = 0, history = 0, candidate = 0, label = 0, count = 0;
};

result<history_columns> find_columns(csv_reader& file) {
  const auto any = file.next();
  if (!any)
    return tl::unexpected(any.error());
  history_columns found;
  const auto header = *any ? file.fields() : std::vector<std::string_view>{};
  found.count = header.size();
  for (const auto& [name, into] : {std::pair{"user_id", &found.user},
                                   {"history_items", &found.history},
                                   {"candidate_item", &found.candidate},
                                   {"label", &found.label}}) {
    const auto at = std::find_if(header.begin(), header.end(), [wanted = name](std::string_view field) {
      return column_name(field) == wanted;
    });
    if (at == header.end())
      return file.refuse(fault::malformed, 0,
                         "expected the columns user_id, history_items, candidate_item and label; " +
                             std::string(name) + " is missing");
    *into = static_cast<std::size_t>(at - header.begin());
  }
  return found;
}

/// Splits at `|`. Returns whether no part is empty. An empty text has no parts.
bool split_items(std::string_view text, std::vector<std::string_view>& parts) {
  parts.clear();
  if (text.empty())
    return true;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find('|', at), text.size());
    if (end == at)
      return false;
    parts.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return true;
}

/// Adds the rows of one file to the order.
result<void> read_histories(const std::filesystem::path& path, const reading_options& options,
                            row_report& report, interaction_log& log, pair_order& order) {
  auto file = csv_reader::open(path, {',', true, true, true});
  if (!file)
    return tl::unexpected(file.error());
  const auto columns = find_columns(*file);
  if (!columns)
    return tl::unexpected(columns.error());

  std::vector<std::string_view> parts;
  std::vector<std::uint32_t> items;
  const auto read_row = [&]() -> result<void> {
    const auto& fields = file->fields();
    const auto wrong = [&](std::size_t field, const std::string& message, const char* what) {
      return report.refuse(file->refuse(fault::malformed, file->offset_of(field), message), options, what);
    };
    if (fields.size() != columns->count)
      return wrong(
          0, "expected " + std::to_string(columns->count) + " fields, got " + std::to_string(fields.size()),
          "with another number of fields");
    const auto label = parse_decimal(fields[columns->label]);
    if (!label || (*label != 0 && *label != 1))
      return wrong(columns->label, "expected a label 0 or 1, got " + quoted_field(fields[columns->label]),
                   "without a label");
    for (const auto id : {columns->user, columns->candidate})
      if (fields[id].empty())
        return wrong(
            id, id == columns->user ? "expected a user's id, got \"\"" : "expected an item's id, got \"\"",
            id == columns->user ? "without a user's id" : "without an item's id");
    for (const auto ids : {columns->user, columns->history, columns->candidate})
      if (has_any_control(fields[ids]))
        return report.refuse_id(*file, file->offset_of(ids), fields[ids], options);
    if (!split_items(fields[columns->history], parts))
      return wrong(columns->history,
                   "expected items' ids joined by |, got " + quoted_field(fields[columns->history]),
                   "with an empty item in the history");
    if (*label == 0) {
      ++report.not_taken;
      return {};
    }
    parts.push_back(fields[columns->candidate]);
    items.clear();
    for (const auto id : parts)
      items.push_back(log.items.insert(id).first);
    order.add_sequence(log.users.insert(fields[columns->user]).first, items);
    log.has_times = true;
    return {};
  };
  return read_records(*file, options, report, [&](csv_reader&) { return read_row(); });
}

} // namespace

result<void> order_by_histories(const std::filesystem::path& path, const reading_options& options,
                                row_report& report, interaction_log& log) {
  const auto parts = part_files_of(path, file_kinds::regular);
  if (!parts)
    return tl::unexpected(parts.error());
  pair_order order(log);
  for (const auto& part : *parts)
    if (auto read = read_histories(part, options, report, log, order); !read)
      return read;
  order.apply();
  return {};
}

} // namespace winnow
