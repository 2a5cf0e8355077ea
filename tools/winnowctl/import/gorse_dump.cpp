#include "tools/winnowctl/import/gorse_dump.hpp"

#include "config/text/json_text.hpp"

#include <cstring>

namespace winnow {

namespace {

constexpr std::int64_t users = -1, items = -2, feedback = -3, end_of_dump = 0;
constexpr std::int64_t most_record_bytes = std::int64_t{64} << 20U;

/// A field of a message in the encoding of Protocol Buffers.
struct proto_field {
  std::uint64_t number = 0;
  std::uint64_t value = 0;     ///< Of a varint or a fixed number.
  std::string_view bytes = {}; ///< Of a text, bytes or a message.
};

/// Reads the fields of a message one after the other.
class proto_message {
public:
  explicit proto_message(std::string_view bytes) : rest_(bytes) {}

  /// False at the end, or if the message is damaged.
  bool next(proto_field& into) {
    std::uint64_t key = 0;
    if (rest_.empty() || !varint(key))
      return false;
    into = {key >> 3U, 0, {}};
    switch (key & 7U) {
    case 0:
      return varint(into.value);
    case 1:
      return skip(8);
    case 2:
      return varint(into.value) && text(into);
    case 5:
      return skip(4);
    default:
      return damaged();
    }
  }

  bool is_damaged() const { return damaged_; }

private:
  bool damaged() {
    damaged_ = true;
    return false;
  }

  bool varint(std::uint64_t& into) {
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      into |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
      if (byte < 0x80U)
        return true;
    }
    return damaged();
  }

  bool skip(std::size_t count) {
    if (rest_.size() < count)
      return damaged();
    rest_.remove_prefix(count);
    return true;
  }

  bool text(proto_field& into) {
    if (rest_.size() < into.value)
      return damaged();
    into.bytes = rest_.substr(0, into.value);
    return skip(into.value);
  }

  std::string_view rest_;
  bool damaged_ = false;
};

/// Seconds of a google.protobuf.Timestamp; nullopt if it was never set (Go's year 1).
std::optional<std::int64_t> seconds_of(std::string_view bytes) {
  proto_message message(bytes);
  std::optional<std::int64_t> seconds = 0;
  for (proto_field field; message.next(field);)
    if (field.number == 1)
      seconds = static_cast<std::int64_t>(field.value);
  constexpr std::int64_t year_2 = -62'104'060'800;
  return *seconds < year_2 ? std::nullopt : seconds;
}

bool read_item(std::string_view bytes, gorse_item& into) {
  proto_message message(bytes);
  for (proto_field field; message.next(field);) {
    if (field.number == 2)
      into.id = field.bytes;
    else if (field.number == 3)
      into.hidden = field.value != 0;
    else if (field.number == 4)
      into.categories.emplace_back(field.bytes);
    else if (field.number == 6)
      into.labels = parse_json(field.bytes);
    else if (field.number == 7)
      into.comment = field.bytes;
  }
  if (into.labels.is_discarded())
    into.labels = nullptr;
  return !message.is_damaged() && !into.id.empty();
}

bool read_feedback(std::string_view bytes, gorse_feedback& into) {
  proto_message message(bytes);
  for (proto_field field; message.next(field);) {
    if (field.number == 2)
      into.type = field.bytes;
    else if (field.number == 3)
      into.user = field.bytes;
    else if (field.number == 4)
      into.item = field.bytes;
    else if (field.number == 5)
      into.time = seconds_of(field.bytes);
  }
  return !message.is_damaged() && !into.type.empty() && !into.user.empty() && !into.item.empty();
}

void read_record(std::int64_t kind, std::string_view bytes, const std::string& where, gorse_sink& into) {
  gorse_item item;
  gorse_feedback event;
  if (kind == users)
    into.take_user();
  else if (kind == items && read_item(bytes, item))
    into.take(std::move(item));
  else if (kind == feedback && read_feedback(bytes, event))
    into.take(std::move(event));
  else
    into.leave_out(where, kind == items ? "expected an item" : "expected feedback");
}

/// A 64-bit number, least significant byte first.
std::int64_t number_of(std::string_view bytes) {
  std::uint64_t number = 0;
  for (std::size_t at = 0; at < 8; ++at)
    number |= std::uint64_t{static_cast<unsigned char>(bytes[at])} << (8 * at);
  return static_cast<std::int64_t>(number);
}

} // namespace

bool is_gorse_dump(std::string_view beginning) {
  return beginning.size() == 8 && number_of(beginning) >= feedback && number_of(beginning) <= users;
}

result<void> read_gorse_dump(byte_source& source, gorse_sink& into) {
  const auto damaged = [&](const std::string& why) {
    return fail(fault::malformed, source.name() + ": damaged dump of Gorse: " + why);
  };
  std::int64_t kind = 0;
  for (std::uint64_t record = 0;; ++record) {
    const auto mark = source.take(8);
    if (!mark)
      return tl::unexpected(mark.error());
    if (!*mark)
      return damaged("it ends without its end mark");
    const auto number = number_of(**mark);
    if (number == end_of_dump)
      return {};
    if (number < 0) {
      if (kind = number; kind < feedback)
        return damaged("expected users, items or feedback, got the mark " + std::to_string(kind));
      continue;
    }
    if (number > most_record_bytes || kind == 0)
      return damaged("a record of " + std::to_string(number) + " bytes");
    const auto bytes = source.take(static_cast<std::size_t>(number));
    if (!bytes)
      return tl::unexpected(bytes.error());
    if (!*bytes)
      return damaged("it ends inside of a record");
    read_record(kind, **bytes, source.name() + ", record " + std::to_string(record), into);
  }
}

} // namespace winnow
