#include "actors/rest/route_parts.hpp"

namespace winnow {

void add_recommendation_routes(http::router& routes, const call_sink& sink, const tracer_ptr& traces) {
  routes.add(
      {"POST",
       "/recommend/{user_id}",
       "Compute and store a user's recommendations",
       "Reads the user's newest profile, runs the cascade, stores the list and answers with it. If the id "
       "ends in a colon and a time, it reads the profile of that time and stores the list under the time; it "
       "is the user's list, too, if that profile is known to be the newest.",
       with_trace_headers({user_parameter(),
                           {"wait", "query", "`false`: answer 202 immediately and compute afterwards.",
                            R"({"type":"boolean","default":true})", false},
                           {"scores", "query", "`true`: add each item's score in every stage.",
                            R"({"type":"boolean","default":false})", false},
                           {"explain", "query", "`true`: add the reason for each item.",
                            R"({"type":"boolean","default":false})", false},
                           placement_parameter(),
                           {"Prefer", "header", "`respond-async` is the same as `wait=false`.",
                            R"({"type":"string"})", false}}),
       query_body(
           "What is asked of the list. Without a body, or with members that only tell more about it, the "
           "user's plain list is computed and stored; any other list is for this answer only.",
           "ListQuery", R"({"limit":10,"filter":{"in_stock":true,"price":{"lte":20}},"scores":true})", false),
       {json_doc(200, "Computed and stored.", "Recommendation"),
        json_doc(202, "Accepted; the list is computed later.", "Accepted"),
        error_doc(400, "A parameter is invalid."), error_doc(404, "The user has no profile."),
        error_doc(409, "A key of the user holds another type than a string."),
        error_doc(422, "The body or the placement does not fit, or the user's profile is not a JSON "
                       "array of item ids."),
        error_doc(503, "Overloaded, or the store or candidate generation is unavailable; see Retry-After."),
        error_doc(504, "The deadline passed."), error_doc(507, "The embedded store is full.")},
       pass_traced(sink, http_call::kind::recommend, traces)});
  routes.add(
      {"POST",
       "/recommend",
       "Compute lists for several users, or for a session",
       "With `users`: the lists of up to 200 users and sessions, answered in order, each with its own "
       "status. Other "
       "members of the body are the defaults of all. With `history` instead: the list of a session without a "
       "user. With `user_id` instead: the list of that user, as from POST /recommend/{user_id}.",
       with_trace_headers({{"scores", "query", "`true`: add each item's score in every stage.",
                            R"({"type":"boolean","default":false})", false},
                           {"explain", "query", "`true`: add the reason for each item.",
                            R"({"type":"boolean","default":false})", false},
                           placement_parameter()}),
       query_body("The users, or one user, or the history of a session.", "BatchQuery",
                  R"({"users":["anna",{"user_id":"ben","limit":5},{"history":["0764227971"]}],"limit":10})"),
       {json_doc(200, "The lists. For a session: as for one user.", "BatchOrList"),
        error_doc(400, "A parameter is invalid."),
        error_doc(404, "The one user has no profile, and the body no history."),
        error_doc(409, "A key of the one user holds another type than a string."),
        error_doc(422, "The body or the placement does not fit, or the one user's profile is not a JSON "
                       "array of item ids."),
        error_doc(503, "Overloaded, or the store or candidate generation is unavailable; see "
                       "Retry-After."),
        error_doc(504, "The deadline passed."), error_doc(507, "The embedded store is full.")},
       pass_traced(sink, http_call::kind::recommend_many, traces)});
  routes.add(
      {"POST",
       "/rank/{user_id}",
       "Rank given items for a user",
       "Ranks the items of the body with DIN and RankNet, also those of the user's history. Items that the "
       "models do "
       "not know are left out. Nothing is stored. If the id ends in a colon and a time, the profile of that "
       "time counts.",
       with_trace_headers({user_parameter(),
                           {"scores", "query", "`true`: add each item's score in every stage.",
                            R"({"type":"boolean","default":false})", false},
                           {"explain", "query", "`true`: add the reason for each item.",
                            R"({"type":"boolean","default":false})", false},
                           placement_parameter()}),
       query_body("The items.", "RankQuery", R"({"items":["0764227971","0990351408"],"scores":true})"),
       {json_doc(200, "The items, best first.", "Recommendation"), error_doc(400, "A parameter is invalid."),
        error_doc(404, "The user has no profile, and the body no history."),
        error_doc(409, "A key of the user holds another type than a string."),
        error_doc(422, "The body or the placement does not fit, or the user's profile is not a JSON "
                       "array of item ids."),
        error_doc(503, "Overloaded, or the store or candidate generation is unavailable; see "
                       "Retry-After."),
        error_doc(504, "The deadline passed.")},
       pass_traced(sink, http_call::kind::rank, traces)});
  routes.add(
      {"GET",
       "/recommendations/{user_id}",
       "A user's stored recommendations",
       "The whole list; if the id ends in a colon and a time, that of the profile of that time. With "
       "`limit`, `offset` or `cursor`, a page of it. All pages that follow "
       "each other by their `next` are of one version of the list, so that they neither repeat nor skip an "
       "item.",
       with_trace_headers(
           {user_parameter(),
            {"limit", "query", "Items of a page; default: up to the end of the list.",
             R"({"type":"integer","minimum":1,"maximum":100000})", false},
            {"offset", "query",
             "Items before the page; not beside `cursor`. Beyond the end, the page is empty, and "
             "its offset is the total.",
             R"({"type":"integer","minimum":0,"maximum":100000})", false},
            {"cursor", "query", "`next` of the page before, as it is; its limit holds on.",
             R"({"type":"string"})", false}}),
       {},
       {json_doc(200, "The list as stored, or a page of it.", "StoredList"),
        error_doc(400, "A parameter is invalid."), error_doc(404, "The user has no list."),
        error_doc(409, "The user's key holds another type than a string."),
        json_doc(410, "The list has changed since the cursor was given: begin anew.", "ListChanged"),
        error_doc(503, "The store is unavailable; see Retry-After.")},
       pass_traced(sink, http_call::kind::read_list, traces)});
}

void add_item_routes(http::router& routes, const call_sink& sink, const tracer_ptr& traces) {
  routes.add({"GET",
              "/items/{item_id}",
              "What is known about an item",
              "",
              with_trace_headers({{"item_id", "path", "The item's id: opaque bytes, percent-encoded.",
                                   R"({"type":"string"})", true}}),
              {},
              {json_doc(200, "The item.", "Item"), error_doc(404, "The models do not know the item.")},
              pass_traced(sink, http_call::kind::describe_item, traces)});
  routes.add(
      {"GET",
       "/popular",
       "The items that were taken most",
       "Of those that the shop's rules for all lists allow.",
       with_trace_headers(
           {{"limit", "query", "The largest number of items to return.",
             R"({"type":"integer","minimum":1,"maximum":1000,"default":20})", false},
            {"window", "query",
             "`all`: counted over all interactions. `recent`: over those of late, if the training had times.",
             R"({"enum":["all","recent"],"default":"all"})", false}}),
       {},
       {json_doc(200, "The items, most taken first.", "Popular"), error_doc(400, "A parameter is invalid.")},
       pass_traced(sink, http_call::kind::popular_items, traces)});
  routes.add(
      {"GET",
       "/items/{item_id}/similar",
       "Items that are similar to an item",
       "From two sources: the items whose embeddings point in the most similar direction, and those that "
       "follow the item in users' histories. The order combines the places in both lists. Items that the "
       "shop's rules for all lists leave out are in neither.",
       with_trace_headers(
           {{"item_id", "path", "The item's id: opaque bytes, percent-encoded.", R"({"type":"string"})",
             true},
            {"limit", "query", "The largest number of items to return.",
             R"({"type":"integer","minimum":1,"maximum":100,"default":10})", false},
            {"filter", "query", "A JSON object, see Filter: only items that pass are looked for.",
             R"({"type":"string"})", false}}),
       {},
       {json_doc(200, "The similar items, best first.", "SimilarItems"),
        error_doc(400, "The limit is invalid."), error_doc(404, "The models do not know the item."),
        error_doc(422, "The filter does not fit."),
        error_doc(503, "Overloaded, or candidate generation is unavailable; see Retry-After."),
        error_doc(504, "The deadline passed.")},
       pass_traced(sink, http_call::kind::similar_items, traces)});
}

void add_change_routes(http::router& routes, const call_sink& sink, const tracer_ptr& traces) {
  const auto item = with_trace_headers(
      {{"item_id", "path", "The item's id: opaque bytes, percent-encoded.", R"({"type":"string"})", true}});
  const auto may_not =
      error_doc(403, "Without tokens, only clients on this machine may, and only if the daemon is "
                     "on a loopback address.");
  const std::vector<response_doc> undone{json_doc(200, "The item as it is now.", "ItemState"), may_not,
                                         error_doc(503, "See Retry-After."),
                                         error_doc(504, "The change was not applied in time.")};
  auto changed = undone;
  changed.push_back(error_doc(422, "The body is no object of attributes, or has a value of the wrong type."));
  changed.push_back(error_doc(507, "Too many items have updates."));
  http::body_doc attributes;
  attributes.description = "The new values; null: none. Attributes that are not named keep theirs.";
  attributes.schema = R"({"type":"object","additionalProperties":true})";
  attributes.example = R"({"price":12.5,"in_stock":true,"available_until":"2030-01-01T00:00:00Z"})";
  routes.add(
      {"PUT", "/items/{item_id}", "Change an item's attributes",
       "Counts at once for filters and fields. With `hidden`: true, or once `available_until` is over, "
       "the item is on no list.",
       item, attributes, changed, pass_traced(sink, http_call::kind::write_item, traces)});
  routes.add({"DELETE",
              "/items/{item_id}",
              "Undo the changes of an item's attributes",
              "Its row of the items file alone counts again.",
              item,
              {},
              undone,
              pass_traced(sink, http_call::kind::reset_item, traces)});
  routes.add({"DELETE",
              "/users/{user_id}",
              "Erase a user",
              "Erases the profiles of any time, the lists and their records, and what was learned that names "
              "the user. Erasing again is no error.",
              with_trace_headers({user_parameter()}),
              {},
              {json_doc(200, "What was erased.", "ErasedUser"), may_not,
               error_doc(422, "The id ends in a colon and a time: it is a profile's, not a user's."),
               error_doc(503, "The store is unavailable; see Retry-After. Some may be erased."),
               error_doc(504, "What was learned is not erased yet.")},
              pass_traced(sink, http_call::kind::erase_user, traces)});
}

} // namespace winnow
