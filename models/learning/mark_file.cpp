#include "models/learning/mark_file.hpp"

#include "config/files/file_name.hpp"
#include "models/files/csv_field.hpp"
#include "models/files/csv_reader.hpp"
#include "models/files/output_file.hpp"

#include <charconv>
#include <string>
#include <vector>

namespace winnow {

namespace {

result<std::uint32_t> number_in(csv_reader& reader, std::size_t column) {
  const auto field = reader.fields()[column];
  std::uint32_t number = 0;
  const auto [end, status] = std::from_chars(field.data(), field.data() + field.size(), number);
  if (status != std::errc() || end != field.data() + field.size())
    return reader.refuse(fault::malformed, reader.offset_of(column),
                         "expected a number from 0 to 4294967295, got " + quoted_field(field));
  return number;
}

} // namespace

result<void> write_marks(const std::filesystem::path& path, const id_table& users,
                         gsl::span<const history_mark> marks) {
  std::string text = "user_id,items,tail\n";
  for (std::size_t user = 0; user < marks.size(); ++user)
    text += csv_id(users[user]) + "," + std::to_string(marks[user].items) + "," +
            std::to_string(marks[user].tail) + "\n";
  return write_file(path, text);
}

result<void> read_marks(const std::filesystem::path& path, user_marks& into) {
  auto reader = csv_reader::open(path);
  if (!reader)
    return tl::unexpected(reader.error());
  bool is_header = true;
  while (true) {
    const auto more = reader->next();
    if (!more)
      return tl::unexpected(more.error());
    if (!*more)
      return {};
    const auto& fields = reader->fields();
    if (fields.size() != 3)
      return reader->refuse(fault::malformed, 0, "expected 3 fields, got " + std::to_string(fields.size()));
    if (std::exchange(is_header, false))
      continue;
    const auto items = number_in(*reader, 1);
    if (!items)
      return tl::unexpected(items.error());
    const auto tail = number_in(*reader, 2);
    if (!tail)
      return tl::unexpected(tail.error());
    into.note(user_marks::hash_of(reader->fields()[0]), {*items, *tail});
  }
}

result<std::optional<user_marks>> counted_by_training(const std::filesystem::path& model_directory,
                                                      std::size_t most_users) {
  const auto file = model_directory / counted_histories_file;
  if (is_absent(file))
    return std::nullopt;
  user_marks marks(most_users);
  if (auto read = read_marks(file, marks); !read)
    return tl::unexpected(read.error());
  return marks;
}

} // namespace winnow
