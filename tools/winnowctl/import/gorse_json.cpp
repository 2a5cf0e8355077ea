#include "tools/winnowctl/import/gorse_json.hpp"

#include "config/text/json_text.hpp"
#include "config/text/quoted_text.hpp"
#include "config/text/text_encoding.hpp"

namespace winnow {

namespace {

using nlohmann::json;

constexpr std::size_t most_document_bytes = std::size_t{1} << 30U;

std::string text_of(const json& record, const char* field) {
  const auto found = record.find(field);
  return found != record.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::vector<std::string> texts_of(const json& record, const char* field) {
  std::vector<std::string> texts;
  if (const auto found = record.find(field); found != record.end() && found->is_array())
    for (const auto& one : *found)
      if (one.is_string())
        texts.push_back(one.get<std::string>());
  return texts;
}

/// A time as Gorse writes it, or as a number, which counts Unix time; empty if the record has none.
std::string time_text(const json& record) {
  const auto found = record.find("Timestamp");
  if (found == record.end() || found->is_null())
    return {};
  return found->is_string() ? found->get<std::string>() : found->dump();
}

/// Reads one record after the other; `where` names the place of the current one.
class record_reader {
public:
  record_reader(gorse_sink& into, std::string file) : into_(into), file_(std::move(file)) {}

  void set_line(std::size_t line) { where_ = file_ + ":" + std::to_string(line); }

  void read(const json& document) {
    if (document.is_array()) {
      for (const auto& one : document)
        read(one);
      return;
    }
    if (!document.is_object())
      return into_.leave_out(where_, std::string("expected a JSON object, got ") + document.type_name());
    for (const char* list : {"Feedback", "Items", "Users"})
      if (const auto found = document.find(list); found != document.end() && found->is_array())
        return read(*found);
    if (document.contains("FeedbackType"))
      return read_feedback(document);
    if (document.contains("ItemId"))
      return read_item(document);
    if (document.contains("UserId"))
      return into_.take_user();
    into_.leave_out(where_, "expected FeedbackType, ItemId or UserId");
  }

private:
  void read_feedback(const json& record) {
    gorse_feedback one{
        text_of(record, "FeedbackType"), text_of(record, "UserId"), text_of(record, "ItemId"), {}};
    if (one.item.empty() && record.contains("Item")) // the dashboard's form
      one.item = record["Item"].is_object() ? text_of(record["Item"], "ItemId") : std::string();
    for (const auto& [value, name] :
         {std::pair(&one.type, "FeedbackType"), {&one.user, "UserId"}, {&one.item, "ItemId"}})
      if (value->empty())
        return into_.leave_out(where_, std::string("expected a text in ") + name);
    const auto time = time_text(record);
    if (!read_gorse_time(time, one.time))
      return into_.leave_out(where_, "expected a time, got \"" + time + "\"");
    into_.take(std::move(one));
  }

  void read_item(const json& record) {
    gorse_item one;
    one.id = text_of(record, "ItemId");
    if (one.id.empty())
      return into_.leave_out(where_, "expected a text in ItemId");
    const auto hidden = record.find("IsHidden");
    one.hidden = hidden != record.end() && hidden->is_boolean() && hidden->get<bool>();
    one.categories = texts_of(record, "Categories");
    one.comment = text_of(record, "Comment");
    one.labels = record.value("Labels", json());
    into_.take(std::move(one));
  }

  gorse_sink& into_;
  const std::string file_;
  std::string where_;
};

/// Why a line is no JSON.
std::string why_no_json(std::string_view line) {
  const auto end = utf8_length(line);
  return end == line.size() ? "expected JSON"
                            : "expected text in UTF-8, got the byte " + quoted_text(line.substr(end, 1));
}

/// The rest of a document whose first line is `text`.
result<std::string> rest_of(byte_source& source, std::string text) {
  for (;;) {
    auto line = source.line();
    if (!line)
      return tl::unexpected(line.error());
    if (!*line)
      return text;
    if (text.size() > most_document_bytes)
      return fail(fault::too_large,
                  source.name() + ": expected JSON lines, or one document of at most 1 GiB");
    (text += '\n') += **line;
  }
}

} // namespace

result<void> read_gorse_json(byte_source& source, gorse_sink& into) {
  record_reader reader(into, source.name());
  for (std::size_t number = 1;; ++number) {
    auto line = source.line();
    if (!line)
      return tl::unexpected(line.error());
    if (!*line)
      return {};
    if ((*line)->find_first_not_of(" \t") == std::string::npos)
      continue;
    reader.set_line(number);
    auto document = parse_json(**line);
    if (document.is_discarded() && number == 1) { // perhaps one document of many lines
      auto whole = rest_of(source, **line);
      if (!whole)
        return tl::unexpected(whole.error());
      document = parse_json(*whole);
      if (const auto problem = encoding_problem(source.name(), *whole);
          document.is_discarded() && !problem.empty())
        return fail(fault::malformed, problem);
      if (document.is_discarded())
        return fail(fault::malformed, source.name() + ": expected JSON lines or a JSON document");
    }
    if (document.is_discarded())
      into.leave_out(source.name() + ":" + std::to_string(number), why_no_json(**line));
    else
      reader.read(document);
  }
}

} // namespace winnow
