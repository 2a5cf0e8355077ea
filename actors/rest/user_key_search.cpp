#include "actors/rest/user_key_search.hpp"

#include <algorithm>
#include <utility>

namespace winnow {

namespace {

constexpr std::uint64_t keys_of_a_page = 1000;

} // namespace

user_key_search::user_key_search(std::shared_ptr<deadline_watch<http_server_self>> watch,
                                 neighbours_ptr neighbours, std::string user_id, key_family family,
                                 taker take)
    : watch_(std::move(watch)), neighbours_(std::move(neighbours)), user_id_(std::move(user_id)),
      family_(family), take_(std::move(take)) {}

void user_key_search::run() {
  look(0);
}

void user_key_search::look(std::uint64_t cursor) {
  auto self = shared_from_this();
  watch_->ask<scan_reply>(
      neighbours_->background_gateway, background_patience,
      [self](const scan_reply& page) {
        if (!*page)
          return self->finish(page->error());
        self->note((*page)->keys);
        if ((*page)->next != 0)
          self->look((*page)->next);
        else
          self->finish({});
      },
      [self](const caf::error&) {
        self->finish(error{fault::unavailable, "the profile store did not list its keys in time"});
      },
      scan_atom_v, family_, cursor, keys_of_a_page);
}

void user_key_search::note(const std::vector<std::string>& keys) {
  for (const auto& key : keys)
    if (auto of = family_ == key_family::profiles ? parse_profile_key(key) : parse_result_key(key);
        of && of->user_id == user_id_)
      found_.push_back(std::move(of->timestamp));
}

/// SCAN may return a key twice.
void user_key_search::finish(const std::optional<error>& failure) {
  std::sort(found_.begin(), found_.end());
  found_.erase(std::unique(found_.begin(), found_.end()), found_.end());
  take_(std::move(found_), failure);
}

} // namespace winnow
