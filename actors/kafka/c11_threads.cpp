// Only in builds with ThreadSanitizer, which does not know C11's functions, as librdkafka uses them: it
// crashes in the threads that they start, and does not see what their locks order. Here they are POSIX's. In
// the GNU C library, C11's locks and conditions are POSIX's, too.

#include <pthread.h>
#include <threads.h>

#include <cerrno>
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

int as_c11(int number) {
  switch (number) {
  case 0:
    return thrd_success;
  case EBUSY:
    return thrd_busy;
  case ETIMEDOUT:
    return thrd_timedout;
  default:
    return thrd_error;
  }
}

pthread_mutex_t* posix(mtx_t* mutex) {
  static_assert(sizeof(mtx_t) == sizeof(pthread_mutex_t));
  return reinterpret_cast<pthread_mutex_t*>(mutex);
}

pthread_cond_t* posix(cnd_t* condition) {
  static_assert(sizeof(cnd_t) == sizeof(pthread_cond_t));
  return reinterpret_cast<pthread_cond_t*>(condition);
}

} // namespace

extern "C" int mtx_lock(mtx_t* mutex) {
  return as_c11(pthread_mutex_lock(posix(mutex)));
}

extern "C" int mtx_trylock(mtx_t* mutex) {
  return as_c11(pthread_mutex_trylock(posix(mutex)));
}

extern "C" int mtx_unlock(mtx_t* mutex) {
  return as_c11(pthread_mutex_unlock(posix(mutex)));
}

extern "C" int cnd_wait(cnd_t* condition, mtx_t* mutex) {
  return as_c11(pthread_cond_wait(posix(condition), posix(mutex)));
}

extern "C" int cnd_timedwait(cnd_t* condition, mtx_t* mutex, const timespec* until) {
  return as_c11(pthread_cond_timedwait(posix(condition), posix(mutex), until));
}

extern "C" int cnd_signal(cnd_t* condition) {
  return as_c11(pthread_cond_signal(posix(condition)));
}

extern "C" int cnd_broadcast(cnd_t* condition) {
  return as_c11(pthread_cond_broadcast(posix(condition)));
}

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
