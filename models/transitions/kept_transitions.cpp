#include "models/transitions/kept_transitions.hpp"

#include "models/files/checked_file.hpp"
#include "models/transitions/transition_file.hpp"

#include <algorithm>

namespace winnow {

namespace {

// Identifies the file format, and how ids are read from the source; change it with every change of these. A
// machine with the other byte order also reads a different number.
constexpr std::uint64_t form = 0x32736E6172546E57;

constexpr std::size_t digest_bytes = 16;

/// The beginning of the file. It is followed by the ends of the lists, and the successors.
struct counts_head {
  std::uint64_t form = 0;
  file_stamp source;
  char catalogue[digest_bytes] = {}; ///< Digest of the ids and their order.
  std::uint64_t items = 0, successors = 0;
};
static_assert(sizeof(counts_head) == 80, "no padding, which would be written and checksummed too");
static_assert(sizeof(scored_item) == 8, "the same");

std::string digest_of(const id_table& items) {
  file_digest digest;
  const auto ends = items.ends();
  digest.add_bytes(bytes_of(ends.data(), ends.size()));
  digest.add_bytes(items.text());
  return digest.hex();
}

/// Whether the file size agrees with the head. No product or sum here overflows.
bool fits(const counts_head& head, std::uint64_t size) {
  if (head.items > size || head.successors > size)
    return false;
  return size == checked_file::size_with_checksum(sizeof head + (head.items + 1) * sizeof(std::uint64_t) +
                                                  head.successors * sizeof(scored_item));
}

bool are_lists(const transition_counts& counts) {
  return counts.ends.front() == 0 && counts.ends.back() == counts.successors.size() &&
         std::is_sorted(counts.ends.begin(), counts.ends.end()) &&
         std::all_of(counts.successors.begin(), counts.successors.end(),
                     [&](const scored_item& next) { return next.item < counts.items(); });
}

} // namespace

result<transition_counts> load_counts(const table_cache& cache, const std::filesystem::path& file,
                                      const id_table& items) {
  cached_form<transition_counts> form;
  form.parse = [&] { return read_transitions(file, items); };
  form.read = [&](const auto& kept, const auto& source) {
    return read_kept_transitions(kept, source, items);
  };
  form.keep = [&](const auto& kept, const auto& source, const auto& counts) {
    return keep_transitions(kept, source, items, counts);
  };
  return cache.load(file, form);
}

result<void> keep_transitions(const std::filesystem::path& to, const file_stamp& source,
                              const id_table& items, const transition_counts& counts) {
  counts_head head;
  head.form = form;
  head.source = source;
  digest_of(items).copy(head.catalogue, digest_bytes);
  head.items = counts.items();
  head.successors = counts.successors.size();
  return write_checked(to, {bytes_of(&head, 1), bytes_of(counts.ends.data(), counts.ends.size()),
                            bytes_of(counts.successors.data(), counts.successors.size())});
}

result<transition_counts> read_kept_transitions(const std::filesystem::path& from, const file_stamp& source,
                                                const id_table& items) {
  auto file = checked_file::open(from);
  if (!file)
    return tl::unexpected(file.error());
  counts_head head;
  if (!file->fill_value(head))
    return file->refuse("cut off");
  if (head.form != form)
    return file->refuse("written in another format version");
  if (head.source != source)
    return file->refuse("the source file has changed");
  if (head.items != items.size() || std::string_view(head.catalogue, digest_bytes) != digest_of(items))
    return file->refuse("the catalogue has changed");
  if (!fits(head, file->file_size()))
    return file->refuse("cut off");
  transition_counts counts;
  counts.ends.resize(head.items + 1);
  counts.successors.resize(head.successors);
  if (!file->fill(counts.ends) || !file->fill(counts.successors))
    return file->refuse("cut off");
  if (!file->ends_as_checked())
    return file->refuse("its checksum does not match");
  if (!are_lists(counts))
    return file->refuse("it is not made of lists of items");
  return counts;
}

} // namespace winnow
