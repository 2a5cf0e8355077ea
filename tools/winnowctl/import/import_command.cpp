#include "tools/winnowctl/import/import_command.hpp"

#include "config/log/log.hpp"
#include "tools/winnowctl/exit_codes.hpp"
#include "tools/winnowctl/import/gorse_file.hpp"
#include "tools/winnowctl/import/stored_profiles.hpp"
#include "tools/winnowctl/refusal.hpp"
#include "tools/winnowctl/text_columns.hpp"

#include <cstdio>
#include <optional>

namespace winnow {

namespace {

void say(const std::string& line) {
  std::printf("%s\n", harmless(line).c_str());
}

std::string counted(std::size_t count, const char* one, const char* many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

/// Why nothing is imported: what the files have instead, and why records of them cannot be read.
std::string no_feedback(const imported_shop& shop) {
  std::string seen;
  for (const auto& [type, count] : shop.types_seen())
    seen += (seen.empty() ? "" : ", ") + type;
  auto message = "no feedback that counts; the files have: " + (seen.empty() ? "none" : seen);
  for (const auto& [reason, same] : shop.reasons())
    message +=
        "; " + counted(same.count, "record was", "records were") + " left out, for example " + same.example;
  return message;
}

/// What was done, for both forms of the report.
struct import_report {
  std::string interactions, items; ///< The files; `items` is empty if there were no item records.
  std::vector<std::string> columns;
  std::optional<stored_profiles> profiles;
};

void print_types(const imported_shop& shop) {
  std::string counts, others;
  for (const auto& [type, count] : shop.types_seen()) {
    auto& line = shop.counts(type) ? counts : others;
    line += (line.empty() ? "" : ", ") + type + " " + std::to_string(count);
  }
  say("feedback that counts: " + (counts.empty() ? "none" : counts));
  if (!others.empty())
    say("feedback of other types: " + others);
}

void print_report(const imported_shop& shop, const import_options& asked, const import_report& done) {
  print_types(shop);
  if (shop.hidden() > 0)
    say(counted(shop.hidden(), "hidden item is", "hidden items are") +
        " on no list while the column hidden says so");
  if (shop.left_out() > 0)
    say(counted(shop.left_out(), "record was", "records were") + " left out:");
  for (const auto& example : shop.examples())
    say("  " + example);
  say(done.interactions + ": " + counted(shop.interactions(), "interaction", "interactions") + " of " +
      counted(shop.histories(), "user", "users"));
  if (shop.without_time() > 0)
    say(counted(shop.without_time(), "interaction has", "interactions have") +
        " no time: winnow-train leaves out what has none beside what has one");
  if (!done.items.empty()) {
    std::string names;
    for (std::size_t at = 1; at < done.columns.size(); ++at)
      names += (names.empty() ? "" : ", ") + done.columns[at];
    say(done.items + ": " + counted(shop.items(), "item", "items") + " with " + names);
  }
  if (done.profiles)
    say(asked.store.substr(0, asked.store.find(':')) +
        " store: " + counted(done.profiles->stored, "profile", "profiles"));
  if (done.profiles && done.profiles->ambiguous > 0)
    say("not stored: " + counted(done.profiles->ambiguous, "user whose id ends", "users whose ids end") +
        " as a time would");
  say("next: winnow-train --interactions " + done.interactions +
      (done.items.empty() ? "" : " --items " + done.items) + " --out models");
}

void print_json(const imported_shop& shop, const import_report& done) {
  nlohmann::ordered_json report{{"interactions", shop.interactions()},
                                {"users", shop.histories()},
                                {"items", shop.items()},
                                {"hidden_items", shop.hidden()},
                                {"left_out", shop.left_out()},
                                {"without_time", shop.without_time()}};
  report["feedback"] = shop.types_seen();
  if (done.profiles)
    report["profiles"] = done.profiles->stored;
  std::printf("%s\n", report.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
}

} // namespace

int run_import(const import_options& asked, bool json) {
  std::optional<store_address> store;
  if (!asked.store.empty()) {
    const auto parsed = parse_store_address(asked.store);
    if (!parsed)
      return refuse(ctl_exit::usage, "--store: " + parsed.error().message);
    if (parsed->transport == store_address::kind::memory)
      return refuse(ctl_exit::usage,
                    "--store memory: ends with this command; expected redis://, unix:// or file:");
    store = *parsed;
  }
  log_threshold(log_level::warning); // of what the store says, only trouble
  imported_shop shop({asked.types.begin(), asked.types.end()});
  for (const auto& file : asked.files)
    if (const auto read = read_gorse_file(file, shop); !read)
      return refuse(ctl_exit::refused, read.error().message, json);
  shop.settle();
  if (shop.interactions() == 0)
    return refuse(ctl_exit::refused, no_feedback(shop), json);
  import_report done;
  done.interactions = asked.out + "/interactions.csv";
  if (const auto written = shop.write_interactions(done.interactions); !written)
    return refuse(ctl_exit::refused, written.error().message, json);
  if (shop.items() > 0) {
    done.items = asked.out + "/items.csv";
    auto columns = shop.write_items(done.items);
    if (!columns)
      return refuse(ctl_exit::refused, columns.error().message, json);
    done.columns = std::move(*columns);
  }
  if (store) {
    const auto stored = store_profiles(shop, *store);
    if (!stored)
      return refuse(ctl_exit::unreachable, stored.error().message, json);
    done.profiles = *stored;
  }
  json ? print_json(shop, done) : print_report(shop, asked, done);
  return ctl_exit::done;
}

} // namespace winnow
