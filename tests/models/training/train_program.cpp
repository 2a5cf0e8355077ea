#include "tests/models/training/train_program.hpp"

#include "support/environment.hpp"
#include "support/files.hpp"
#include "support/wait_until.hpp"

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <fstream>

namespace winnow::test {

namespace fs = std::filesystem;

namespace {

constexpr auto patience = std::chrono::seconds(120);

} // namespace

const fs::path& small_shop() {
  static const temp_dir directory;
  static const fs::path shop = [] {
    const auto bin = required_variable("WINNOW_BIN_DIR");
    child_process process(
        {bin + "/winnow-bookshop", "--books", "300", "--readers", "200", "--out", directory.path() + "/shop"},
        directory.path() + "/said");
    BOOST_REQUIRE_MESSAGE(process.wait(patience) == 0, bytes_of(directory.path() + "/said"));
    return fs::path(directory.path()) / "shop";
  }();
  return shop;
}

std::map<std::string, std::string> files_below(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const auto name = entry.path().lexically_relative(folder).string();
    if (entry.is_regular_file() && name.rfind(".training/", 0) != 0)
      files[name] = bytes_of(entry.path());
  }
  return files;
}

fs::path train_program::in(const std::string& name) const {
  return fs::path(directory_.path()) / name;
}

std::unique_ptr<child_process> train_program::start(const std::string& program,
                                                    const std::string& arguments) const {
  const auto bin = required_variable("WINNOW_BIN_DIR");
  const auto to = directory_.path();
  std::ofstream(to + "/err").close();
  return std::make_unique<child_process>(std::vector<std::string>{"sh", "-c",
                                                                  std::string("exec '") + bin + "/" +
                                                                      program + "' " + arguments + " >" + to +
                                                                      "/out 2>" + to + "/err"},
                                         to + "/shell");
}

program_end train_program::end_of(child_process& process) const {
  const auto code = process.wait(patience);
  BOOST_REQUIRE_MESSAGE(code, "the program does not end; errors so far: " << bytes_of(in("err")));
  return {*code, bytes_of(in("out")), bytes_of(in("err"))};
}

program_end train_program::run(const std::string& program, const std::string& arguments) const {
  return end_of(*start(program, arguments));
}

std::string train_program::on_small_shop(const std::string& out, const std::string& more) const {
  auto all = "--interactions '" + (small_shop() / "interactions.csv").string() + "' --out '" +
             in(out).string() + "' " + more;
  for (const auto& [flag, value] :
       {std::pair{std::string(" --items "), (small_shop() / "items.csv").string()},
        {" --dim ", "16"},
        {" --epochs ", "10"},
        {" --look-every ", "5"},
        {" --lr ", "0.01"},
        {" --din-epochs ", "2"},
        {" --ranknet-epochs ", "2"},
        {" --threads ", "2"}})
    if (all.find(flag) == std::string::npos)
      all += flag + value;
  return all;
}

program_end train_program::train(const std::string& out, const std::string& more) const {
  return run("winnow-train", on_small_shop(out, more));
}

program_end train_program::train_and_interrupt(const std::string& out, const std::string& more,
                                               const std::string& mark) const {
  const auto process = start("winnow-train", on_small_shop(out, more));
  const auto said = [&] { return written_so_far(in("err")).find(mark) != std::string::npos; };
  BOOST_REQUIRE_MESSAGE(wait_until([&] { return said() || process->exit_code(); }, patience), mark);
  BOOST_REQUIRE_MESSAGE(said(), written_so_far(in("err")));
  process->signal(SIGINT);
  return end_of(*process);
}

} // namespace winnow::test
