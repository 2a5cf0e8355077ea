#include "tools/winnowctl/import/gorse_file.hpp"

#include "config/text/trimmed.hpp"
#include "config/text/unix_time.hpp"
#include "tools/winnowctl/import/gorse_csv.hpp"
#include "tools/winnowctl/import/gorse_dump.hpp"
#include "tools/winnowctl/import/gorse_json.hpp"

namespace winnow {

bool read_gorse_time(const std::string& text, std::optional<std::int64_t>& into) {
  into = std::nullopt;
  auto plain = std::string(trimmed(text));
  if (plain.empty() || plain.compare(0, 5, "0001-") == 0)
    return true;
  // What Go prints: a date, a time, a zone as a number, and its name.
  const auto zone = plain.find(' ', plain.find(' ') + 1);
  if (zone != std::string::npos && plain.size() >= zone + 6 &&
      (plain[zone + 1] == '+' || plain[zone + 1] == '-'))
    plain = plain.substr(0, zone) + plain.substr(zone + 1, 3) + ":" + plain.substr(zone + 4, 2);
  into = parse_unix_time(plain);
  return into.has_value();
}

result<void> read_gorse_file(const std::string& path, gorse_sink& into) {
  auto source = byte_source::open(path);
  if (!source)
    return tl::unexpected(source.error());
  const auto mark = source->peek(8);
  if (!mark)
    return tl::unexpected(mark.error());
  if (is_gorse_dump(*mark))
    return read_gorse_dump(*source, into);
  const auto beginning = source->peek(256);
  if (!beginning)
    return tl::unexpected(beginning.error());
  const auto first = beginning->find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos)
    return {};
  if ((*beginning)[first] == '{' || (*beginning)[first] == '[')
    return read_gorse_json(*source, into);
  return read_gorse_csv(path, into);
}

} // namespace winnow
