#pragma once

namespace winnow::test {

/// While it lives, the disk fails to sync: fdatasync() returns EIO in the whole process.
class failing_sync {
public:
  failing_sync();
  ~failing_sync();
  failing_sync(const failing_sync&) = delete;
  failing_sync& operator=(const failing_sync&) = delete;

  /// How many calls have failed.
  static int failures();
};

} // namespace winnow::test
