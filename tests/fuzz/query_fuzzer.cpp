// Bodies of requests, values of attributes, and files of rules. The first byte chooses the reader.
#include "config/text/json_text.hpp"
#include "models/asking/list_query.hpp"
#include "models/rules/rules_file.hpp"
#include "tests/fuzz/memory_file.hpp"

#include <nlohmann/json.hpp>

namespace {

using namespace winnow;

/// Items with an attribute of each type.
const item_attributes& items() {
  static const item_attributes read = [] {
    fuzz::memory_file file;
    return item_attributes::read(
               file.put("item_id,price,in_stock,title,genres\na,1.5,true,A,x|y\nb,,false,B,y\n"))
        .value();
  }();
  return read;
}

/// The text of a filter identifies it, so it must mean the same.
void use(const named_filter& filter) {
  fuzz::require(!in_words(filter.filter).empty());
  static_cast<void>(rows_that_pass(filter.filter, items()));
  const auto again = parse_named_filter(parse_json(filter.text));
  fuzz::require(again.has_value() && again->text == filter.text);
}

void use(const list_query& query) {
  fuzz::require(query.limit.value_or(1) + query.offset <= list_query::most_limit);
  fuzz::require(query.context.size() <= list_query::longest_context);
  if (query.filter)
    use(*query.filter);
  for (const auto& boost : query.boosts)
    use(boost.filter);
}

void read_body(std::string_view text, query_form form) {
  const auto body = parse_body(text);
  if (!body)
    return fuzz::require(!body.error().message.empty());
  if (const auto query = parse_list_query(*body, form))
    use(*query);
  else
    fuzz::require(!query.error().message.empty());
}

void read_attributes(std::string_view text) {
  const auto body = parse_body(text);
  if (!body || !body->is_object())
    return;
  constexpr std::optional<attribute_type> any;
  for (const auto& [name, value] : body->items())
    for (const auto type :
         {any, std::optional(attribute_type::number), std::optional(attribute_type::boolean),
          std::optional(attribute_type::text), std::optional(attribute_type::labels)})
      if (const auto read = parse_attribute(name, value, type); !read)
        fuzz::require(!read.error().message.empty());
}

void read_rules_text(std::string_view text) {
  const auto rules = parse_rules(text);
  if (!rules)
    return fuzz::require(!rules.error().message.empty());
  in_words(*rules, "");
  for (const auto& name : rules->names()) {
    in_words(*rules, name);
    use(rules->find(name)->own);
  }
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0)
    return 0;
  const auto text = fuzz::text_of(data + 1, size - 1);
  if (data[0] % 4 == 0)
    read_body(text, query_form::list);
  else if (data[0] % 4 == 1)
    read_body(text, query_form::rank);
  else if (data[0] % 4 == 2)
    read_attributes(text);
  else
    read_rules_text(text);
  return 0;
}
