// Only in builds with ThreadSanitizer, which does not know of threads that C11's functions start, as
// librdkafka does: it crashes in them. Here they are POSIX's.

#include <pthread.h>
#include <threads.h>

#include <cstdint>

namespace {

struct start {
  thrd_start_t function;
  void* argument;
};

void* run(void* given) {
  const auto* const made = static_cast<start*>(given);
  const auto [function, argument] = *made;
  delete made;
  return reinterpret_cast<void*>(static_cast<std::intptr_t>(function(argument)));
}

} // namespace

extern "C" int thrd_create(thrd_t* thread, thrd_start_t function, void* argument) {
  auto* const made = new start{function, argument};
  if (pthread_create(thread, nullptr, run, made) == 0)
    return thrd_success;
  delete made;
  return thrd_error;
}

extern "C" int thrd_join(thrd_t thread, int* returned) {
  void* end = nullptr;
  if (pthread_join(thread, &end) != 0)
    return thrd_error;
  if (returned != nullptr)
    *returned = static_cast<int>(reinterpret_cast<std::intptr_t>(end));
  return thrd_success;
}
