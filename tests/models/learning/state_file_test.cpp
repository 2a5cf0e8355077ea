#include "models/learning/state_file.hpp"

#include "models/learning/state_bytes.hpp"
#include "tests/models/fixtures.hpp"
#include "tests/models/learning/small_models.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>

namespace {

using namespace winnow;
using namespace winnow::test;

using history = std::vector<std::string>;

constexpr double day = 86'400, now = 20'000 * day;

struct state_fixture {
  small_models shop{40};
  learning_options options;
  temporary_directory dir;
  std::filesystem::path file = dir.path() / "learned";
  std::string version = "0123456789abcdef";

  state_fixture() {
    options.half_life = 10 * day;
    shop.scoring.popularity_exponent = 0.25;
  }

  live_learner learner() const {
    auto models = shop.make();
    models->learning_version = version;
    return {models, options, user_marks(1'000)};
  }

  /// A learner that learned for half a year, adopted an item and waits with another.
  live_learner taught() const {
    auto all = learner();
    for (int step = 0; step < 60; ++step)
      teach(all, step);
    for (const auto* reader : {"x", "y", "z"})
      all.learn(reader, history{"i3", "adopted"}, now + 180 * day);
    for (const auto* reader : {"x", "y"})
      all.learn(reader, history{"i3", "adopted", "waiting"}, now + 180 * day);
    return all;
  }

  static void teach(live_learner& all, int step) {
    const auto item = [&](int at) { return "i" + std::to_string((step * 7 + at * at) % 40); };
    all.learn("reader " + std::to_string(step), history{item(0), item(1), item(2), item(3)},
              now + step * 3 * day);
  }

  error refusal(live_learner& into) const {
    const auto read = read_state(file, into);
    BOOST_REQUIRE(!read);
    BOOST_CHECK_EQUAL(read.error().message.find(file.string() + ": "), 0u);
    return read.error();
  }
};

/// What the learner saves, with other ids of the same length, as an earlier version might have adopted.
std::string saved_with(const live_learner& learner,
                       std::initializer_list<std::pair<std::string_view, std::string_view>> ids) {
  state_writer content;
  learner.save(content);
  auto bytes = content.bytes();
  for (const auto& [id, other] : ids) {
    BOOST_REQUIRE_NE(bytes.find(id), std::string::npos);
    bytes.replace(bytes.find(id), id.size(), other);
  }
  return bytes;
}

void check_same(const model_set& a, const model_set& b) {
  BOOST_REQUIRE_EQUAL(a.items.size(), b.items.size());
  const auto &one = a.learned->transitions, &other = b.learned->transitions;
  BOOST_CHECK_EQUAL(one.pages.size(), other.pages.size());
  BOOST_CHECK_EQUAL(one.trained_share, other.trained_share);
  transition_scratch of_one, of_other;
  for (std::uint32_t item = 0; item < a.items.size(); ++item) {
    BOOST_CHECK_EQUAL(a.items[item], b.items[item]);
    BOOST_CHECK_CLOSE(a.taken(item), b.taken(item), 1e-3f);
    a.transitions->score({&item, 1}, of_one, &one);
    b.transitions->score({&item, 1}, of_other, &other);
    for (std::uint32_t next = 0; next < a.items.size(); ++next)
      BOOST_CHECK_CLOSE(of_one.scores[next], of_other.scores[next], 1e-2f);
    for (std::size_t k = 0; k < 2; ++k)
      BOOST_CHECK_EQUAL(a.item_embeddings.row(item)[k], b.item_embeddings.row(item)[k]);
  }
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(state_file, state_fixture)

BOOST_AUTO_TEST_CASE(another_learner_continues_where_the_first_one_stopped) {
  auto first = taught();
  BOOST_REQUIRE(write_state(file, first)); // before it is published
  auto second = learner();
  BOOST_REQUIRE(read_state(file, second));
  BOOST_CHECK(second.has_news());
  BOOST_CHECK_EQUAL(second.users(), first.users());
  BOOST_CHECK_EQUAL(second.adopted(), 1u);
  BOOST_CHECK_EQUAL(second.candidates(), 1u);
  check_same(*first.publish(), *second.publish());
  for (auto* one : {&first, &second}) {
    const auto again = one->learn("x", history{"i3", "adopted", "waiting"}, now + 181 * day);
    BOOST_CHECK_EQUAL(again.items, 0u); // counted before
    one->learn("z", history{"i3", "adopted", "waiting"}, now + 200 * day);
    BOOST_CHECK_EQUAL(one->adopted(), 2u);
    for (int step = 70; step < 80; ++step)
      teach(*one, step);
  }
  check_same(*first.publish(), *second.publish());
}

BOOST_AUTO_TEST_CASE(a_learner_that_learned_nothing_continues_as_if_it_were_new) {
  shop.counts.ends.assign(41, 1);
  shop.counts.ends[0] = 0;
  shop.counts.successors = {{1, 8.0f}};
  BOOST_REQUIRE(write_state(file, learner()));
  auto restored = learner(), fresh = learner();
  BOOST_REQUIRE(read_state(file, restored));
  for (auto* one : {&restored, &fresh})
    teach(*one, 0);
  const auto models = restored.publish();
  BOOST_CHECK_EQUAL(models->learned->transitions.trained_share, 1.0f);
  check_same(*models, *fresh.publish());
}

BOOST_AUTO_TEST_CASE(items_go_on_waiting_whatever_the_new_options_are) {
  options.adopt_after = 10;
  auto before = learner();
  for (const auto* reader : {"x", "y", "z"})
    before.learn(reader, history{"i3", "waiting"}, now);
  BOOST_REQUIRE(write_state(file, before));
  options.adopt_after = 3;
  auto after = learner();
  BOOST_REQUIRE(read_state(file, after));
  BOOST_CHECK_EQUAL(after.candidates(), 1u);
  after.learn("another", history{"waiting"}, now);
  BOOST_REQUIRE_EQUAL(after.adopted(), 1u);
  BOOST_CHECK_EQUAL(after.publish()->taken(40), 4.0f); // all its readers count
  options.most_candidates = 0;
  auto small = learner();
  BOOST_REQUIRE(read_state(file, small));
  BOOST_CHECK_EQUAL(small.candidates(), 0u);
}

BOOST_AUTO_TEST_CASE(readers_of_waiting_items_are_found_among_other_users) {
  shop.users = {{1, 0}, {1, 0}, {0, 1}};
  auto first = learner();
  first.learn("u2", history{"i3", "waiting"}, now);
  BOOST_REQUIRE(write_state(file, first));
  for (const auto& others : {std::vector<std::string>{"u2", "u0", "u1"}, std::vector<std::string>{"u0"}}) {
    shop.users.assign(others.size(), {1, 0});
    shop.users.front() = {0, 1};
    auto models = shop.make();
    models->learning_version = version;
    id_table ids;
    for (const auto& id : others)
      ids.insert(id);
    models->users = std::make_shared<const id_table>(std::move(ids));
    live_learner restored(models, options, user_marks(1'000)), fresh(models, options, user_marks(1'000));
    BOOST_REQUIRE(read_state(file, restored));
    fresh.learn("u2", history{"i3", "waiting"}, now);
    for (auto* one : {&restored, &fresh}) {
      for (const auto* reader : {"x", "y"})
        one->learn(reader, history{"i3", "waiting"}, now);
      BOOST_REQUIRE_EQUAL(one->adopted(), 1u);
    }
    check_same(*restored.publish(), *fresh.publish());
  }
}

BOOST_AUTO_TEST_CASE(leaves_out_items_that_may_not_be_adopted) {
  auto first = taught();
  for (const auto* reader : {"x", "y", "z"})
    first.learn(reader, history{"i3", "adopted", "waiting", "another", "i5"}, now + 180 * day);
  const auto before = first.publish();
  const auto bytes = saved_with(first, {{"adopted", "       "}});
  auto second = learner();
  state_reader from(bytes);
  BOOST_REQUIRE(second.restore(from));
  BOOST_CHECK_EQUAL(second.left_out(), 1u);
  BOOST_CHECK_EQUAL(second.adopted(), 2u);
  const auto after = second.publish();
  BOOST_CHECK(!after->items.find("       "));
  transition_scratch one, other;
  for (const auto* id : {"i3", "i5", "waiting", "another"}) { // each has what was its own
    const auto was = before->items.find(id).value(), is = after->items.find(id).value();
    BOOST_CHECK_CLOSE(before->taken(was), after->taken(is), 1e-3f);
    before->transitions->score({&was, 1}, one, &before->learned->transitions);
    after->transitions->score({&is, 1}, other, &after->learned->transitions);
    for (const auto* next : {"i3", "i5", "waiting", "another"})
      BOOST_CHECK_CLOSE(one.scores[before->items.find(next).value()],
                        other.scores[after->items.find(next).value()], 1e-2f);
  }
}

BOOST_AUTO_TEST_CASE(leaves_out_waiting_items_that_may_not_be_adopted) {
  const auto bytes = saved_with(taught(), {{"waiting", "waitin\n"}});
  auto second = learner();
  state_reader from(bytes);
  BOOST_REQUIRE(second.restore(from));
  BOOST_CHECK_EQUAL(second.left_out(), 1u);
  BOOST_CHECK_EQUAL(second.adopted(), 1u);
  BOOST_CHECK_EQUAL(second.candidates(), 0u);
}

BOOST_AUTO_TEST_CASE(refuses_a_file_of_other_models) {
  BOOST_REQUIRE(write_state(file, taught()));
  version = "fedcba9876543210";
  auto other = learner();
  const auto why = refusal(other);
  BOOST_CHECK(why.cause == fault::conflict);
  BOOST_CHECK(why.message.find("version fedcba9876543210, got 0123456789abcdef") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(refuses_what_is_missing_or_damaged_and_stays_as_it_was) {
  auto into = learner();
  BOOST_CHECK(refusal(into).cause == fault::not_found);
  BOOST_REQUIRE(write_state(file, taught()));
  const auto whole = bytes_of(file);
  const auto refuse = [&](const std::string& text) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
    BOOST_CHECK(!read_state(file, into));
  };
  for (const auto length :
       {whole.size() - 1, whole.size() / 2, std::size_t{30}, std::size_t{5}, std::size_t{0}})
    refuse(whole.substr(0, length));
  for (const auto at : {whole.size() - 1, whole.size() / 2, std::size_t{0}}) {
    auto changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    refuse(changed);
  }
  refuse(whole + "x");
  BOOST_CHECK_EQUAL(into.users() + into.adopted() + into.candidates(), 0u);
  BOOST_CHECK(!into.has_news());
}

BOOST_AUTO_TEST_SUITE_END()
