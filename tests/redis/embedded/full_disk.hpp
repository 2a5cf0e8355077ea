#pragma once

namespace winnow::test {

/// While it lives, the disk is full: fallocate() returns ENOSPC in the whole process. What was allocated
/// before can be written.
class full_disk {
public:
  full_disk();
  ~full_disk();
  full_disk(const full_disk&) = delete;
  full_disk& operator=(const full_disk&) = delete;
};

} // namespace winnow::test
