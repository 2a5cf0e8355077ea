#include "config/log/event_ring.hpp"
#include "failing_sync.hpp"
#include "full_disk.hpp"
#include "redis/embedded/memory_core.hpp"
#include "redis/memory_store.hpp"
#include "store_backends.hpp"
#include "support/files.hpp"
#include "support/wait_until.hpp"

#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sys/resource.h>

// The embedded store that keeps its data in files, and its limits.

using namespace winnow;
using namespace winnow::test;
namespace fs = std::filesystem;

namespace {

struct directory_fixture {
  temp_dir parent;
  const std::string path = parent.path() + "/store";

  std::unique_ptr<memory_core> open(const journal_options& options = {}, std::size_t limit = 0) const {
    auto core = std::make_unique<memory_core>(limit);
    const auto kept = core->keep_in(path, options);
    BOOST_REQUIRE_MESSAGE(kept, (kept ? "" : kept.error().message));
    return core;
  }

  std::string problem() const {
    memory_core core;
    const auto kept = core.keep_in(path);
    return kept ? "none" : kept.error().message;
  }

  /// The names of the files that begin with `start`.
  std::vector<std::string> files(const std::string& start) const {
    std::vector<std::string> names;
    for (const auto& one : fs::directory_iterator(path))
      if (one.path().filename().string().find(start) == 0)
        names.push_back(one.path().filename().string());
    return names;
  }
};

/// Notices at once what happens to its files.
journal_options eager() {
  journal_options options;
  options.sync_interval = options.pause_after_failure = std::chrono::milliseconds(1);
  return options;
}

/// Removes a directory while another thread may make it anew.
void remove_at_once(const std::string& path) {
  fs::rename(path, path + ".removed");
  fs::remove_all(path + ".removed");
}

/// Gives each of two directories the name of the other, at one moment.
void exchange(const std::string& one, const std::string& other) {
  BOOST_REQUIRE(::renameat2(AT_FDCWD, one.c_str(), AT_FDCWD, other.c_str(), RENAME_EXCHANGE) == 0);
}

/// Files may not grow beyond this size while it lives.
class size_limit {
public:
  explicit size_limit(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit low{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &low);
  }
  ~size_limit() { setrlimit(RLIMIT_FSIZE, &before_); }
  size_limit(const size_limit&) = delete;
  size_limit& operator=(const size_limit&) = delete;

private:
  rlimit before_{};
};

} // namespace

BOOST_AUTO_TEST_SUITE(kept_store)

BOOST_FIXTURE_TEST_CASE(what_was_written_and_removed_stays_so, directory_fixture) {
  {
    const auto core = open();
    BOOST_TEST(core->write("a", "1").has_value());
    BOOST_TEST(core->write("b", std::string("2\0", 2)).has_value());
    BOOST_TEST(core->write("a", "3").has_value());
    BOOST_TEST(core->write("c", "4").has_value());
    BOOST_TEST(core->erase("c").value());
  }
  const auto core = open();
  BOOST_TEST(core->size() == 2u);
  BOOST_TEST(core->read("a").value() == "3");
  BOOST_TEST(core->read("b").value() == std::string("2\0", 2));
  BOOST_TEST(!core->exists("c"));
}

BOOST_FIXTURE_TEST_CASE(only_one_process_has_the_directory, directory_fixture) {
  auto core = open();
  memory_core other;
  const auto refused = other.keep_in(path);
  BOOST_REQUIRE(!refused);
  BOOST_CHECK(refused.error().cause == fault::conflict);
  BOOST_TEST(refused.error().message.find(path) != std::string::npos);
  core.reset();
  BOOST_TEST(problem() == "none");
}

BOOST_FIXTURE_TEST_CASE(a_log_that_ends_anywhere_keeps_all_before, directory_fixture) {
  std::vector<std::uintmax_t> ends;
  const auto log = path + "/log.0";
  {
    const auto core = open();
    for (int i = 0; i < 5; ++i) {
      BOOST_TEST(core->write("key" + std::to_string(i), std::to_string(i)).has_value());
      ends.push_back(fs::file_size(log));
    }
  }
  const auto whole = bytes_of(log);
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    std::ofstream(log, std::ios::binary | std::ios::trunc) << whole.substr(0, size);
    const auto expected = static_cast<std::size_t>(
        std::count_if(ends.begin(), ends.end(), [&](std::uintmax_t end) { return end <= size; }));
    {
      const auto core = open();
      BOOST_TEST(core->size() == expected, size);
      BOOST_TEST(core->write("later", "x").has_value());
    }
    BOOST_TEST(open()->size() == expected + 1, size);
  }
}

BOOST_FIXTURE_TEST_CASE(a_damaged_byte_costs_its_own_change_alone, directory_fixture) {
  std::vector<std::uintmax_t> ends;
  const auto log = path + "/log.0";
  {
    const auto core = open();
    for (int i = 0; i < 4; ++i) {
      BOOST_TEST(core->write("key" + std::to_string(i), std::to_string(i)).has_value());
      ends.push_back(fs::file_size(log));
    }
  }
  const auto whole = bytes_of(log);
  for (auto at = ends[0]; at < ends[2]; ++at) {
    auto damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x21);
    std::ofstream(log, std::ios::binary | std::ios::trunc) << damaged;
    BOOST_TEST(open()->write("later", "x").has_value());
    const auto core = open();
    BOOST_TEST(core->size() == 4u, at);
    BOOST_TEST(!core->exists(at < ends[1] ? "key1" : "key2"), at);
    BOOST_TEST(core->exists("later"), at);
  }
}

BOOST_FIXTURE_TEST_CASE(what_is_cut_off_is_kept_beside_it, directory_fixture) {
  open()->write("a", "1");
  const auto log = path + "/log.0";
  std::ofstream(log, std::ios::binary | std::ios::app) << std::string(100, '\0') << "rest";
  BOOST_TEST(open()->read("a").value() == "1");
  const auto cut = files("log.0.cut-");
  BOOST_TEST_REQUIRE(cut.size() == 1u);
  BOOST_TEST(bytes_of(path + "/" + cut.front()) == std::string(100, '\0') + "rest");
}

BOOST_FIXTURE_TEST_CASE(logs_are_compacted_while_changes_go_on, directory_fixture) {
  const journal_options often{std::chrono::milliseconds(1), 1000, std::chrono::milliseconds(1)};
  {
    const auto core = open(often);
    int rounds = 0;
    wait_until([&] {
      for (int i = 0; i < 50; ++i)
        BOOST_REQUIRE(core->write("key" + std::to_string(i), std::to_string(rounds)).has_value());
      BOOST_REQUIRE(core->write("gone", "x").has_value());
      BOOST_REQUIRE(core->erase("gone").value());
      ++rounds;
      const auto bases = files("base.");
      return bases.size() == 1 && bases.front() != "base.1" &&
             bases.front().find("draft") == std::string::npos;
    });
    BOOST_REQUIRE(core->write("rounds", std::to_string(rounds - 1)).has_value());
  }
  const auto core = open();
  BOOST_TEST(core->size() == 51u);
  for (int i = 0; i < 50; ++i)
    BOOST_CHECK(core->read("key" + std::to_string(i)) == core->read("rounds"));
  BOOST_TEST(files("base.").size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_damaged_base_is_refused, directory_fixture) {
  {
    const auto core = open({std::chrono::milliseconds(1), 10, std::chrono::milliseconds(1)});
    core->write("a", "1");
    BOOST_REQUIRE(wait_until([&] { return !files("base.").empty() && fs::exists(path + "/base.1"); }));
  }
  const auto base = path + "/" + files("base.").front();
  auto bytes = bytes_of(base);
  bytes[bytes.size() - 1] = static_cast<char>(bytes.back() ^ 1);
  std::ofstream(base, std::ios::binary | std::ios::trunc) << bytes;
  BOOST_TEST(problem().find(base + ": damaged at byte ") == 0u, problem());
  std::ofstream(base, std::ios::binary | std::ios::trunc) << "rubbish";
  BOOST_TEST(problem() == base + ": expected a file of Winnow's store");
}

BOOST_FIXTURE_TEST_CASE(logs_that_cannot_be_listed_are_not_begun_anew, directory_fixture) {
  {
    const auto core = open({std::chrono::milliseconds(1), 10, std::chrono::milliseconds(1)});
    core->write("a", "1");
    BOOST_REQUIRE(wait_until([&] { return fs::exists(path + "/base.1"); }));
    core->write("later", "2");
  }
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  const auto opened = store_directory::open(path, [&](const store_record&) { // after the bases were listed
    const rlimit none{0, before.rlim_max};
    setrlimit(RLIMIT_NOFILE, &none);
  });
  setrlimit(RLIMIT_NOFILE, &before);
  BOOST_REQUIRE(!opened);
  BOOST_TEST(opened.error().message.find("cannot list " + path) == 0u, opened.error().message);
  BOOST_TEST(open()->read("later").value() == "2");
}

BOOST_FIXTURE_TEST_CASE(a_full_disk_refuses_changes_and_loses_none, directory_fixture) {
  {
    const auto core = open();
    BOOST_TEST(core->write("a", std::string(1000, 'a')).has_value());
    {
      const size_limit full(1500);
      const auto refused = core->write("b", std::string(1000, 'b'));
      BOOST_REQUIRE(!refused);
      BOOST_CHECK(refused.error().cause == fault::out_of_space);
      BOOST_TEST(refused.error().message.find("cannot write " + path + "/log.0") == 0U,
                 refused.error().message);
      BOOST_TEST(refused.error().public_message == "the disk of the embedded store is full");
      BOOST_TEST(!core->exists("b"));
      BOOST_TEST(!core->write("a", std::string(1000, 'c')));
      BOOST_TEST(core->read("a").value() == std::string(1000, 'a'));
      BOOST_TEST(core->shortage() == "its disk is full");
      BOOST_TEST(core->write("c", "small").has_value());
      BOOST_TEST(core->shortage() == "");
    }
    BOOST_TEST(core->write("d", std::string(1000, 'd')).has_value());
  }
  const auto core = open();
  BOOST_TEST(core->size() == 3u);
  BOOST_TEST(core->read("c").value() == "small");
}

// The limit is one of each file, so a new one has room: as on a disk where others make some.
BOOST_FIXTURE_TEST_CASE(a_full_disk_makes_room_of_what_is_out_of_date, directory_fixture) {
  const auto core = open(eager());
  const size_limit full(20'000);
  bool was_refused = false;
  for (int round = 0; round < 200 && !was_refused; ++round)
    was_refused = !core->write("a", std::string(1000, static_cast<char>('a' + round % 26)));
  BOOST_TEST(was_refused);
  BOOST_TEST(wait_until([&] { return core->write("a", std::string(1000, 'z')).has_value(); }));
  BOOST_TEST(core->read("a").value() == std::string(1000, 'z'));
}

BOOST_FIXTURE_TEST_CASE(a_full_disk_still_accepts_removals, directory_fixture) {
  {
    const auto core = open();
    BOOST_TEST(core->write("key0", std::string(1000, 'x')).has_value());
    {
      const full_disk disk;
      result<void> last;
      for (int i = 1; i < 1000 && (last = core->write("key" + std::to_string(i), std::string(1000, 'x')));
           ++i) {
      }
      BOOST_REQUIRE(!last);
      BOOST_CHECK(last.error().cause == fault::out_of_space);
      BOOST_TEST(core->erase("key0").value());
      BOOST_TEST(core->shortage() == "its disk is full"); // for all else
    }
    BOOST_TEST(core->write("after", "1").has_value());
    BOOST_TEST(core->shortage() == "");
  }
  const auto core = open();
  BOOST_TEST(!core->exists("key0"));
  BOOST_TEST(core->exists("after"));
}

BOOST_FIXTURE_TEST_CASE(a_log_that_a_full_disk_cannot_begin_leaves_no_file, directory_fixture) {
  open()->write("a", std::string(1000, 'a'));
  auto directory = need(store_directory::open(path, [](const store_record&) {}));
  {
    const size_limit full(10); // less than a header
    BOOST_TEST(!directory->next_log(true));
  }
  BOOST_CHECK(files("log.") == std::vector<std::string>{"log.0"});
  BOOST_TEST(directory->next_log(true).has_value());
}

BOOST_FIXTURE_TEST_CASE(an_empty_log_does_not_keep_a_full_disk_from_being_opened, directory_fixture) {
  open()->write("a", std::string(1000, 'a'));
  for (const char* left : {"", "winnow-"}) {
    std::ofstream(path + "/log.1") << left;
    const size_limit full(10);
    const auto core = open();
    BOOST_TEST(core->read("a").value() == std::string(1000, 'a'));
    BOOST_TEST(!core->write("b", "1"));
    BOOST_CHECK(files("log.") == std::vector<std::string>{"log.0"});
  }
  BOOST_TEST(open()->write("b", "1").has_value());
}

BOOST_FIXTURE_TEST_CASE(compactions_that_go_on_failing_are_one_line_a_minute, directory_fixture) {
  const auto before = kept_events().last_id();
  const auto complaints = [before] {
    std::uint64_t count = 0;
    for (const auto& event : kept_events().since(before))
      count += event.event == "compaction failed" ? event.count : 0;
    return count;
  };
  const auto core = open(eager());
  BOOST_TEST(core->write("a", std::string(1000, 'a')).has_value());
  const size_limit full(10);
  BOOST_TEST(!core->write("b", "1"));
  BOOST_REQUIRE(wait_until([&] { return complaints() > 0; }));
  for (int attempt = 0; attempt < 3; ++attempt) { // each makes a file and removes it
    const auto seen = fs::last_write_time(path);
    BOOST_REQUIRE(wait_until([&] { return fs::last_write_time(path) != seen; }));
  }
  BOOST_TEST(complaints() == 1u);
}

BOOST_FIXTURE_TEST_CASE(compactions_that_go_on_failing_leave_one_log_behind, directory_fixture) {
  {
    const auto core = open(eager());
    BOOST_TEST(core->write("a", std::string(1000, 'a')).has_value());
    for (const char* key : {"0", "1", "2", "3"})
      BOOST_TEST(core->write(key, "").has_value());
    {
      const size_limit full(500); // room for a log's header and removals, but not for the data
      BOOST_TEST(!core->write("b", std::string(1000, 'b')));
      for (int attempt = 0; attempt < 4; ++attempt) {
        const auto seen = fs::last_write_time(path);
        static_cast<void>(core->erase(std::to_string(attempt)));
        BOOST_REQUIRE(wait_until([&] { return fs::last_write_time(path) != seen; }));
      }
      BOOST_TEST(files("log.").size() == 2u);
    }
    BOOST_TEST(core->write("c", "1").has_value());
  }
  const auto core = open();
  BOOST_TEST(core->read("a").value() == std::string(1000, 'a'));
  BOOST_TEST(core->read("c").value() == "1");
  BOOST_TEST(!core->exists("b"));
}

BOOST_FIXTURE_TEST_CASE(a_failed_sync_refuses_changes_until_all_data_is_written_anew, directory_fixture) {
  {
    const auto core = open(eager());
    BOOST_TEST(core->write("before", "1").has_value());
    {
      const failing_sync disk;
      BOOST_TEST(core->write("unsynced", "2").has_value());
      result<void> refused;
      BOOST_REQUIRE(wait_until([&] { return !(refused = core->write("refused", "3")); }));
      BOOST_CHECK(refused.error().cause == fault::io_error);
      BOOST_TEST(refused.error().message.find("cannot sync " + path) == 0U, refused.error().message);
      BOOST_TEST(core->read("before").value() == "1");
    }
    BOOST_REQUIRE(wait_until([&] { return core->write("after", "4").has_value(); }));
  }
  const auto core = open();
  BOOST_TEST(core->read("before").value() == "1");
  BOOST_TEST(core->read("unsynced").value() == "2");
  BOOST_TEST(core->read("after").value() == "4");
}

BOOST_FIXTURE_TEST_CASE(a_disk_that_fails_for_long_is_not_filled_with_logs, directory_fixture) {
  {
    const auto core = open(eager());
    const failing_sync disk;
    BOOST_TEST(core->write("a", "1").has_value());
    constexpr int many = 20; // attempts fail once or twice each
    BOOST_REQUIRE(wait_until([] { return failing_sync::failures() > many; }));
    BOOST_TEST(files("log.").size() <= 2U);
  }
  BOOST_TEST(open()->read("a").value() == "1");
}

BOOST_FIXTURE_TEST_CASE(a_directory_that_was_removed_is_made_anew_with_all_data, directory_fixture) {
  {
    const auto core = open(eager());
    BOOST_TEST(core->write("before", "1").has_value());
    remove_at_once(path);
    // Accepted before it is noticed, or after the data was written anew.
    BOOST_REQUIRE(wait_until([&] { return core->write("meanwhile", "2").has_value(); }));
    BOOST_REQUIRE(wait_until([&] { return fs::exists(path + "/base.1"); }));
    BOOST_REQUIRE(wait_until([&] { return core->write("after", "3").has_value(); }));
    BOOST_TEST(problem().find("another process uses the store") == 0U, problem());
  }
  const auto core = open();
  BOOST_TEST(core->read("before").value() == "1");
  BOOST_TEST(core->read("meanwhile").value() == "2");
  BOOST_TEST(core->read("after").value() == "3");
}

BOOST_FIXTURE_TEST_CASE(a_directory_that_was_removed_just_before_the_end_is_made_anew, directory_fixture) {
  {
    const auto core = open();
    BOOST_TEST(core->write("before", "1").has_value());
    remove_at_once(path);
    BOOST_TEST(core->write("after", "2").has_value());
  }
  const auto core = open();
  BOOST_TEST(core->read("before").value() == "1");
  BOOST_TEST(core->read("after").value() == "2");
}

BOOST_FIXTURE_TEST_CASE(changes_are_refused_while_the_directory_cannot_be_made_anew, directory_fixture) {
  const auto above = parent.path() + "/above";
  fs::create_directory(above);
  {
    const auto core = std::make_shared<memory_core>();
    BOOST_REQUIRE(core->keep_in(above + "/store", eager()).has_value());
    const memory_store store(core);
    BOOST_TEST(core->write("before", "1").has_value());
    remove_at_once(above);
    result<void> refused;
    BOOST_REQUIRE(wait_until([&] { return !(refused = core->write("refused", "2")); }));
    BOOST_CHECK(refused.error().cause == fault::io_error);
    BOOST_TEST(refused.error().message.find(above + "/store/log.0 is gone") == 0U, refused.error().message);
    BOOST_TEST(refused.error().public_message == "the files of the embedded store are gone");
    BOOST_TEST(!store.state().connected);
    BOOST_TEST(store.state().refused_because == "the files of the embedded store are gone");
    BOOST_TEST(core->read("before").value() == "1");
    fs::create_directory(above);
    BOOST_REQUIRE(wait_until([&] { return core->write("after", "3").has_value(); }));
    BOOST_TEST(store.state().connected);
  }
  memory_core core;
  BOOST_REQUIRE(core.keep_in(above + "/store").has_value());
  BOOST_TEST(core.read("before").value() == "1");
  BOOST_TEST(core.read("after").value() == "3");
}

BOOST_FIXTURE_TEST_CASE(the_files_of_another_store_in_its_place_stay_as_they_are, directory_fixture) {
  open()->write("other", "1");
  const auto aside = parent.path() + "/aside";
  fs::rename(path, aside);
  const auto core = open(eager());
  BOOST_TEST(core->write("mine", "2").has_value());
  exchange(path, aside);
  BOOST_REQUIRE(wait_until([&] { return !core->write("refused", "3"); }));
  BOOST_TEST(problem() == "none");
  {
    memory_core restored;
    BOOST_REQUIRE(restored.keep_in(path).has_value());
    BOOST_TEST(restored.read("other").value() == "1");
  }
  // Back in its place, it is in order again.
  exchange(path, aside);
  BOOST_REQUIRE(wait_until([&] { return core->write("again", "4").has_value(); }));
}

BOOST_AUTO_TEST_CASE(over_the_limit_writes_are_refused_until_there_is_room) {
  memory_core core(10'000);
  int stored = 0;
  result<void> last;
  while ((last = core.write("key" + std::to_string(stored), std::string(100, 'x'))) && stored < 1000)
    ++stored;
  BOOST_TEST(stored > 10);
  BOOST_TEST(stored < 100);
  BOOST_REQUIRE(!last);
  BOOST_CHECK(last.error().cause == fault::out_of_space);
  BOOST_TEST(last.error().message.find("10000") != std::string::npos);
  BOOST_TEST(core.write("key0", std::string(100, 'y')).has_value()); // no larger than before
  BOOST_TEST(core.write("key0", "").has_value());
  BOOST_TEST(!core.write("key1", std::string(1000, 'x')));
  BOOST_TEST(core.erase("key2").value());
  BOOST_TEST(core.write("key2", std::string(100, 'x')).has_value());
}

BOOST_AUTO_TEST_CASE(tells_of_the_shortage_until_there_is_room_for_what_was_refused) {
  memory_core core(10'000);
  BOOST_TEST(!core.write("huge", std::string(100'000, 'x'))); // of no consequence for others
  BOOST_TEST(core.shortage() == "");
  int stored = 0;
  while (core.write("key" + std::to_string(stored), std::string(100, 'x')) && stored < 1000)
    ++stored;
  BOOST_TEST(core.shortage() == "it may take no more memory (--memory-limit)");
  BOOST_TEST(core.write("key0", std::string(100, 'y')).has_value()); // what needs no room is served
  BOOST_TEST(core.shortage() != "");
  BOOST_TEST(core.erase("key1").value());
  BOOST_TEST(core.shortage() == "");
}

BOOST_AUTO_TEST_CASE(a_path_that_is_no_directory_is_named) {
  for (const char* path : {"/nowhere/store", "/dev/null"}) {
    memory_core core;
    const auto refused = core.keep_in(path);
    BOOST_REQUIRE(!refused);
    BOOST_TEST(refused.error().message.find(path) != std::string::npos, refused.error().message);
  }
}

BOOST_AUTO_TEST_SUITE_END()
