#pragma once

#include "actors/interfaces.hpp"
#include "actors/pipeline/profile_directory.hpp"
#include "actors/rest/batch_turns.hpp"
#include "actors/rest/http_front.hpp"
#include "actors/rest/list_asking.hpp"
#include "actors/runtime/burst_signal.hpp"
#include "actors/runtime/cost_turns.hpp"
#include "actors/runtime/deadline_watch.hpp"
#include "config/settings/settings.hpp"
#include "models/availability/item_change.hpp"
#include "models/ruled_lists.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace winnow {

/// A request is answered by its deadline. If it is not, it fails after this much more time.
inline constexpr std::chrono::milliseconds answer_grace{250};

/// Which of the clients that may write at all may change profiles, items and users.
enum class change_rights {
  of_all, ///< The daemon knows its clients; or anybody writes profiles, as to an embedded store.
  /// Those that name this machine as Host, or come through a trusted proxy. Others cannot reach the daemon,
  /// but a web page may, which resolves its own name to this machine (DNS rebinding).
  of_named,
  of_local, ///< Of these, those on this machine: a proxy may let in others, who write nothing else.
  of_none,  ///< Anybody can reach the daemon.
};

change_rights rights_to_change(const http_settings& http, bool embedded_store);

/// The refusal of a call that changes profiles, items or users without the right to; nullopt for any other.
std::optional<http::response> refuse_change(change_rights rights, const http_call& call);

/// Has a process forget a user whom no actor keeps. Must not wait.
using user_forgetter = std::function<void(const std::string& user_id)>;

/// What the HTTP actor needs.
struct http_server_parts {
  std::shared_ptr<http_front> front;
  std::chrono::milliseconds deadline{};
  actor_record_ptr record = std::make_shared<actor_record>();
  change_rights changes = change_rights::of_all;
  user_forgetter forget = {}; ///< For users who are erased; may be empty.
  /// Knows each user's newest profile, and is told what clients write and erase.
  std::shared_ptr<profile_directory> directory = std::make_shared<profile_directory>();
  bool keep_lists = false; ///< Whether the lists of removed profiles stay.
};

/// The HTTP actor's own interface, extended by the message that it sends to itself.
using http_server_self = http_server_actor::extend<
    // Checks the time-outs of pending requests.
    caf::reacts_to<tick_atom>,
    // Sends the answers that are ready.
    caf::reacts_to<flush_atom>,
    // The rest after costly work is over.
    caf::reacts_to<pump_atom>>;

/// Answers the HTTP server's requests. They arrive as messages from its I/O threads. The answers go back
/// through the requests' responders, so neither side ever waits for the other.
struct http_server_state {
  static inline const char* name = "http_server";

  explicit http_server_state(http_server_self::pointer owner)
      : self_(owner), watch_(std::make_shared<deadline_watch<http_server_self>>(owner)), flush_(owner),
        costly_(std::make_shared<cost_turns>(
            cost_turns::pauses{cost_turns::usual_rest_factor,
                               [this](std::chrono::milliseconds rest, std::function<void()> then) {
                                 rested_ = std::move(then);
                                 self_->delayed_send(self_, rest, pump_atom_v);
                               }})) {}
  ~http_server_state() {
    costly_->abandon();
    watch_->abandon();
  }

  void start(http_server_parts parts);
  std::uint64_t drain();
  actor_status_ptr status() const;
  void serve(const http_call_ptr& call);
  void flush();
  void rested();

  http_server_self::pointer self_;
  http_server_parts parts_;
  neighbours_ptr neighbours_;
  std::shared_ptr<deadline_watch<http_server_self>> watch_;

private:
  /// The most popular items of a model set that the shop's rules allow.
  struct kept_popular {
    model_set_ptr models;
    shop_rules_ptr rules;
    std::vector<scored_item> items;
  };
  using call_answer = std::shared_ptr<const http::responder>;
  struct gathered_batch;

  void serve_in_turn(const http_call_ptr& call);
  void serve_now(const http_call_ptr& call);
  void recommend(const http_call_ptr& call);
  void rank(const http_call_ptr& call);
  void recommend_many(const http_call_ptr& call);
  void serve_session(const http_call_ptr& call, asked_list asked);
  void serve_batch(const http_call_ptr& call, asked_batch asked);
  void start_list(const http_call_ptr& call, const std::shared_ptr<gathered_batch>& all, std::size_t entry);
  void drop_list(gathered_batch& all, std::size_t entry);
  void refuse_batch(const gathered_batch& all, error why);
  batch_turns::environment turns_environment();
  void describe_item(const http_call_ptr& call);
  void popular_items(const http_call_ptr& call);
  void compute(const http_call_ptr& call, asked_list asked, bool awaited, call_answer answer,
               steady_clock::time_point begin);
  void give(const call_answer& to, http::response given);
  void read_list(const http_call_ptr& call);
  void read_profile(const http_call_ptr& call);
  void write_profile(const http_call_ptr& call);
  void erase_profile(const http_call_ptr& call);
  void erase_profiles_of(const http_call_ptr& call, const std::string& user_id);
  std::vector<store_command> removal_of(const std::vector<profile_key>& profiles, bool with_list) const;
  void similar_items(const http_call_ptr& call);
  void filter_in_turn(const http_call_ptr& call, std::shared_ptr<stage_task> task, std::size_t limit,
                      list_query query, cost_turns::cost cost);
  void find_similar(const http_call_ptr& call, const std::shared_ptr<stage_task>& task, std::size_t limit,
                    const list_query& query);
  void write_item(const http_call_ptr& call);
  void change_item(const http_call_ptr& call, item_change change);
  void erase_user(const http_call_ptr& call);
  void render_metrics(const http_call_ptr& call, metrics_form form);

  using answer_function = std::function<http::response(const store_value&)>;
  void ask_store(const http_call_ptr& call, store_command command, const answer_function& answer);
  /// Called with the reply to the first command, once all have succeeded.
  using value_taker = std::function<void(const store_value&)>;
  void run_in_store(const http_call_ptr& call, std::vector<store_command> commands, value_taker take);
  void find_newest_profile(const http_call_ptr& call);
  using key_taker = std::function<void(const std::vector<std::string>& timestamps)>;
  void find_profiles(const http_call_ptr& call, key_taker take);

  struct ready_answer {
    call_answer to; ///< Keeps the call, which would answer itself if it ended before.
    http::response given;
  };

  burst_signal<http_server_self, flush_atom> flush_;
  std::vector<ready_answer> ready_; ///< Lists, which come in bursts, as the stages compute them in batches.
  kept_popular popular_, popular_recently_;
  ruled_lists asked_;                  ///< Of similar and popular items.
  std::shared_ptr<cost_turns> costly_; ///< Filters of similar items, and long bodies.
  std::function<void()> rested_;       ///< Goes on with them.
  std::optional<batch_turns> turns_;
};

http_server_self::behavior_type http_server(http_server_self::stateful_pointer<http_server_state> self,
                                            http_server_parts parts);

} // namespace winnow
