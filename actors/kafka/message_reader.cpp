#include "actors/kafka/message_reader.hpp"

#include "config/text/has_nul.hpp"
#include "config/text/json_text.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

namespace winnow {

namespace {

using nlohmann::json;

/// Handles the parser's events. No JSON tree is built.
class field_reader {
public:
  bool null() { return other("null"); }
  bool boolean(bool) { return other("a boolean"); }
  bool number_integer(std::int64_t value) { return text(value == 0 ? "-0" : std::to_string(value)); }
  bool number_unsigned(std::uint64_t value) { return text(std::to_string(value)); }
  bool number_float(double, const std::string& written) { return text(written); }
  bool string(std::string& value) { return text(std::move(value)); }
  bool binary(json::binary_t&) { return other("binary data"); }

  bool key(const std::string& name) {
    if (depth_ == 1)
      field_ = field_of(name);
    return true;
  }

  bool start_object(std::size_t) {
    if (depth_ > 0)
      note("an object");
    return enter();
  }

  bool start_array(std::size_t) {
    if (depth_ == 0)
      return refuse("an array");
    if (depth_ == 1 && field_ == &fields_.history) {
      fields_.items.clear();
      fields_.history = {message_value::kind::list, {}};
    } else {
      note("an array");
    }
    return enter();
  }

  bool end_object() { return leave(); }
  bool end_array() { return leave(); }

  bool parse_error(std::size_t position, const std::string&, const json::exception& wrong) {
    why_ = json_failure(position, wrong.id);
    return false;
  }

  parsed_message<message_fields> finish(bool parsed) {
    if (parsed)
      return std::move(fields_);
    return tl::make_unexpected(bad_message{message_defect::not_json, std::move(why_)});
  }

private:
  static constexpr int most_depth = 100; // deeper nesting is no message of anybody

  message_value* field_of(std::string_view name) {
    if (name == "user_id")
      return &fields_.user_id;
    if (name == "history_items")
      return &fields_.history;
    if (name == "timestamp")
      return &fields_.timestamp;
    if (name == "item_id")
      return &fields_.item_id;
    if (name == "action")
      return &fields_.action;
    return nullptr;
  }

  bool enter() {
    if (++depth_ <= most_depth)
      return true;
    why_ = "nested too deeply";
    return false;
  }

  bool leave() {
    --depth_;
    return true;
  }

  bool refuse(std::string_view type) {
    why_ = "expected an object, got " + std::string(type);
    return false;
  }

  bool in_history() const {
    return depth_ == 2 && field_ == &fields_.history && fields_.history.what == message_value::kind::list;
  }

  bool text(std::string value) {
    if (depth_ == 0)
      return refuse("a text or a number");
    if (in_history())
      fields_.items.push_back(std::move(value));
    else if (depth_ == 1 && field_ != nullptr)
      *field_ = {message_value::kind::text, std::move(value)};
    return true;
  }

  bool other(std::string_view type) {
    if (depth_ == 0)
      return refuse(type);
    note(type);
    return true;
  }

  /// Notes a value that is no text.
  void note(std::string_view type) {
    if (depth_ == 1 && field_ != nullptr) {
      *field_ = {};
      field_->what = type == "null" ? message_value::kind::missing : message_value::kind::other;
      field_->other = type;
    } else if (in_history() && fields_.history.problem.empty()) {
      fields_.history.problem =
          "item " + std::to_string(fields_.items.size()) + ": expected a text, got " + std::string(type);
    }
  }

  message_fields fields_;
  message_value* field_ = nullptr; ///< The one whose value comes next; null: another one, which is skipped.
  int depth_ = 0;
  std::string why_;
};

} // namespace

std::string message_value::described() const {
  switch (what) {
  case kind::missing:
    return "nothing";
  case kind::text:
    return "a text";
  case kind::list:
    return "an array";
  case kind::other:
    return std::string(other);
  }
  return "";
}

parsed_message<message_fields> read_message_fields(std::string_view payload) {
  if (has_nul(payload))
    return tl::make_unexpected(
        bad_message{message_defect::not_json, "not JSON at byte " + std::to_string(payload.find('\0') + 1)});
  field_reader reader;
  const bool parsed = json::sax_parse(payload.begin(), payload.end(), &reader);
  return reader.finish(parsed);
}

} // namespace winnow
