#include "actors/pipeline/profile_reader.hpp"

#include "actors/pipeline/profile_digest.hpp"
#include "actors/runtime/crash_reason.hpp"
#include "config/system/thread_priority.hpp"

#include <utility>

namespace winnow {

namespace {

// Below the threads that compute lists.
constexpr int niceness = 10;

} // namespace

result<looked_up_profile> look_up(const long_profile& asked) {
  looked_up_profile found;
  found.items = asked.items;
  if (asked.text) {
    found.source = profile_source{content_digest(*asked.text), fingerprint_of(*asked.text)};
    auto parsed = parse_stored_profile(*asked.text);
    if (!parsed)
      return tl::unexpected(parsed.error());
    found.left_out = parsed->left_out;
    found.items = std::make_shared<const profile>(std::move(parsed->items));
  }
  found.user = resolve_user(*asked.models, asked.user_id, *found.items);
  if (asked.taken)
    found.seen = asked.taken->look(asked.user_id, *found.items, asked.placement);
  return found;
}

profile_reader_actor::behavior_type profile_reader(profile_reader_actor::pointer self, bool has_thread) {
  self->set_exception_handler(crash_reason);
  if (has_thread)
    lower_thread_priority(niceness, "reading long profiles");
  return {[](resolve_atom, const long_profile_ptr& asked) -> looked_up_ptr {
    return std::make_shared<const result<looked_up_profile>>(look_up(*asked));
  }};
}

} // namespace winnow
