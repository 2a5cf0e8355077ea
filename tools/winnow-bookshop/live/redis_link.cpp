#include "tools/winnow-bookshop/live/redis_link.hpp"

#include "redis/records/profile.hpp"
#include "redis/store_factory.hpp"

namespace winnow {

namespace {

/// A JSON array of ids that the store returned, under this key.
result<std::optional<item_ids>> parsed(const store_reply& reply, const std::string& key) {
  if (!reply)
    return tl::unexpected<error>(reply.error());
  if (!reply->value)
    return std::optional<item_ids>();
  auto items = parse_profile(*reply->value);
  if (!items)
    return fail(key, items.error());
  return std::optional(std::move(items->items));
}

} // namespace

result<std::unique_ptr<shop_link>> redis_link::open(const store_address& address) {
  store_settings settings;
  settings.address = address;
  auto store = open_store(settings);
  if (!store)
    return tl::unexpected<error>(store.error());
  return std::make_unique<redis_link>(std::move(store->store), to_string(address));
}

result<std::vector<std::optional<item_ids>>> redis_link::read_profiles(gsl::span<const std::string> readers) {
  std::vector<store_command> commands;
  for (const auto& reader : readers)
    commands.emplace_back(read_profile{{reader, {}}});
  const auto replies = store_->execute(commands);
  std::vector<std::optional<item_ids>> profiles;
  for (std::size_t at = 0; at < replies.size(); ++at) {
    auto books = parsed(replies[at], to_redis_key({readers[at], {}}));
    if (!books)
      return fail(address_, books.error());
    profiles.push_back(std::move(*books));
  }
  return profiles;
}

result<void> redis_link::write_profiles(gsl::span<const reader_profile> profiles) {
  std::vector<store_command> commands;
  for (const auto& [reader, books] : profiles) {
    const std::vector<std::string_view> ids(books.begin(), books.end());
    commands.emplace_back(write_profile{{reader, {}}, to_json(ids)});
  }
  return write_all(commands);
}

result<std::optional<item_ids>> redis_link::read_list(const std::string& reader) {
  const std::vector<store_command> commands{winnow::read_list{reader}};
  auto list = parsed(store_->execute(commands).front(), recommendations_key(reader));
  if (!list)
    return fail(address_, list.error());
  return list;
}

result<void> redis_link::forget(gsl::span<const std::string> readers) {
  std::vector<store_command> commands;
  for (const auto& reader : readers) {
    commands.emplace_back(erase_profile{{reader, {}}});
    commands.emplace_back(erase_list{{reader, {}}, true});
  }
  return write_all(commands);
}

result<void> redis_link::write_all(const std::vector<store_command>& commands) {
  for (const auto& reply : store_->execute(commands))
    if (!reply)
      return fail(address_, reply.error());
  return {};
}

} // namespace winnow
