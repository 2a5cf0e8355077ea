#include "actors/rest/rest_schemas.hpp"

namespace winnow {

namespace {

using nlohmann::ordered_json;

/// Adds the members of a body for one user's list to another body, which has them besides its own. Others are
/// refused.
void add_list_members(const ordered_json& list, ordered_json& to) {
  for (const auto& [name, member] : list["properties"].items())
    if (!to["properties"].contains(name))
      to["properties"][name] = member;
  to["additionalProperties"] = false;
}

ordered_json own_schemas() {
  return ordered_json::parse(R"({
    "Error": {"type": "object", "required": ["status", "message"],
      "properties": {"status": {"const": "error"}, "message": {"type": "string"}}},
    "Status": {"type": "object", "required": ["status"], "properties": {"status": {"type": "string"}}},
    "Health": {"type": "object", "required": ["status", "model_loaded"],
      "properties": {"status": {"enum": ["healthy", "unhealthy"]}, "model_loaded": {"type": "boolean"}}},
    "Readiness": {"type": "object", "required": ["status", "reasons"],
      "properties": {"status": {"enum": ["ready", "degraded", "not ready"]},
                     "reasons": {"type": "array", "items": {"type": "string"}}}},
    "Accepted": {"type": "object", "required": ["status", "message"],
      "properties": {"status": {"const": "success"}, "message": {"type": "string"}}},
    "StoredList": {"type": "object", "required": ["status", "recommendations"],
      "properties": {"status": {"const": "success"},
                     "recommendations": {"type": "array", "items": {"type": "string"}},
                     "offset": {"type": "integer", "description": "Items of the list before these; only of a page."},
                     "total": {"type": "integer", "description": "Items of the stored list, withheld ones too; only of a page."},
                     "next": {"type": "string", "description": "The cursor of the next page; absent if it would have no items."}}},
    "ListChanged": {"type": "object", "required": ["status", "message", "begin"],
      "properties": {"status": {"const": "error"}, "message": {"type": "string"},
                     "begin": {"type": "string", "description": "Path and query of the first page."}}},
    "Recommendation": {"type": "object",
      "required": ["status", "message", "recommendations", "source", "model_version"],
      "properties": {
        "status": {"const": "success"}, "message": {"type": "string"},
        "user_id": {"type": "string", "description": "Absent for a session."},
        "recommendations": {"type": "array", "items": {"type": "string"}, "description": "Best first."},
        "source": {"enum": ["personalised", "history_mean", "popular"],
                   "description": "Where the candidates came from: the user's vector, the known history items of a user without one (folded in, or their mean), or popularity."},
        "model_version": {"type": "string"},
        "degraded": {"type": "array", "items": {"type": "string"},
                     "description": "Stages that did not answer, with the reasons; absent if all did."},
        "truncated": {"type": "integer",
                      "description": "How many of the profile's oldest items were left out, because it has more than 100,000; absent if none."},
        "shortage": {"type": "string",
                     "description": "Why there are fewer items than were asked for; absent if there are not."},
        "withheld": {"type": "array", "items": {"$ref": "#/components/schemas/WithheldItem"},
                     "description": "Of the items that the body names, those that no list may have; absent if there are none."},
        "items": {"type": "array", "description": "Parallel to recommendations; only with fields.",
                  "items": {"type": "object", "required": ["item_id"],
                            "properties": {"item_id": {"type": "string"}}, "additionalProperties": true}},
        "scores": {"type": "array", "items": {"$ref": "#/components/schemas/ItemScores"},
                   "description": "Parallel to recommendations; only with scores=true."},
        "because": {"type": "array", "items": {"$ref": "#/components/schemas/Reason"},
                    "description": "Parallel to recommendations, empty for a user without a history; only with explain=true."}}},
    "ListQuery": {"type": "object", "additionalProperties": false,
      "properties": {
        "user_id": {"type": "string", "minLength": 1, "description": "That of the path, where it may be repeated."},
        "limit": {"type": "integer", "minimum": 1, "maximum": 200, "description": "Default: as many as the last stage keeps; a page ends at place 200, or where a longer plain list ends."},
        "offset": {"type": "integer", "minimum": 0, "maximum": 199, "description": "With the limit, 200 at most."},
        "exclude": {"type": "array", "items": {"type": "string"}, "maxItems": 10000, "description": "Item ids that must not be on the list."},
        "filter": {"$ref": "#/components/schemas/Filter"},
        "boost": {"type": "array", "maxItems": 100,
                  "items": {"type": "object", "required": ["filter", "factor"], "additionalProperties": false,
                            "properties": {"filter": {"$ref": "#/components/schemas/Filter"},
                                           "factor": {"type": "number", "minimum": 0.000001, "maximum": 1000000}}},
                  "description": "Multiplies the items' shares of the softmax over the ranking."},
        "pin": {"type": "object", "maxProperties": 200, "additionalProperties": {"type": "integer", "minimum": 1, "maximum": 200},
                "description": "Item ids and their places, counted from 1."},
        "diversity": {"description": "The weight of being unlike the items before (maximal marginal relevance), or at most so many items with the same value of an attribute.",
                      "oneOf": [{"type": "number", "minimum": 0, "maximum": 1},
                                {"type": "object", "required": ["attribute", "most"], "additionalProperties": false,
                                 "properties": {"attribute": {"type": "string"},
                                                "most": {"type": "integer", "minimum": 1, "maximum": 200}}}]},
        "history": {"type": "array", "items": {"type": "string"}, "maxItems": 10000,
                    "description": "Item ids, oldest first, instead of the stored profile."},
        "fields": {"type": "array", "items": {"type": "string"}, "maxItems": 10000, "description": "Attributes to return with each item."},
        "explain": {"type": "boolean"}, "scores": {"type": "boolean"},
        "placement": {"type": "string", "description": "The placement of the shop's rules that the list is for."},
        "context": {"description": "Anything; its first 256 bytes are in the access log."}}},
    "WithheldItem": {"type": "object", "required": ["item_id", "reason"],
      "properties": {"item_id": {"type": "string"}, "reason": {"enum": ["hidden", "expired", "denied"]}}},
    "RankQuery": {"type": "object", "required": ["items"],
      "properties": {"items": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 1000}},
      "description": "The members of ListQuery, and the items."},
    "BatchQuery": {"type": "object", "anyOf": [{"required": ["users"]}, {"required": ["user_id"]}, {"required": ["history"]}],
      "properties": {"users": {"type": "array", "minItems": 1, "maxItems": 200,
                               "items": {"oneOf": [{"type": "string", "minLength": 1},
                                                   {"type": "object", "properties": {"user_id": {"type": "string", "minLength": 1}},
                                                    "description": "The members of ListQuery, with a user_id or a history."}]}},
                     "user_id": {"type": "string", "minLength": 1, "description": "One user; not beside users."}},
      "description": "The members of ListQuery as defaults, and the users; or those of one list, and its user or the history of a session."},
    "BatchOrList": {"oneOf": [{"$ref": "#/components/schemas/Batch"}, {"$ref": "#/components/schemas/Recommendation"}]},
    "Batch": {"type": "object", "required": ["status", "results"],
      "properties": {"status": {"const": "success"},
        "results": {"type": "array", "items": {"type": "object", "required": ["status", "body"],
          "properties": {"status": {"type": "integer", "description": "As for a request of its own."},
                         "body": {"oneOf": [{"$ref": "#/components/schemas/Recommendation"}, {"$ref": "#/components/schemas/Error"}]}}}}}},
    "Filter": {"type": "object",
      "description": "Conditions on the items' attributes, all of which must hold. A value must be equal, an array has the allowed values, an object bounds: gt, gte, lt, lte, and eq, ne, in. `and` and `or` have an array of filters, `not` has one. An item without the attribute fulfils only ne, which is short for `not`.",
      "additionalProperties": true},
    "Item": {"type": "object", "required": ["item_id", "attributes", "model_version"],
      "properties": {"item_id": {"type": "string"}, "taken": {"type": "number", "description": "How often; absent if unknown."},
                     "adopted": {"type": "boolean", "description": "True if the item was adopted while serving; otherwise absent."},
                     "withheld": {"enum": ["hidden", "expired", "denied"], "description": "Why the item is on no list; absent if it may be."},
                     "attributes": {"type": "object", "additionalProperties": true}, "model_version": {"type": "string"}}},
    "ItemState": {"type": "object", "required": ["status", "item_id", "attributes", "known", "kept"],
      "properties": {"status": {"const": "success"}, "item_id": {"type": "string"},
                     "attributes": {"type": "object", "additionalProperties": true},
                     "known": {"type": "boolean", "description": "Whether the models know the item."},
                     "kept": {"type": "boolean", "description": "False if the change will be lost at a restart, because it could not be written."},
                     "withheld": {"enum": ["hidden", "expired", "denied"], "description": "Why the item is on no list; absent if it may be."}}},
    "ErasedUser": {"type": "object", "required": ["status", "user_id", "erased", "remaining"],
      "properties": {"status": {"const": "success"}, "user_id": {"type": "string"},
                     "erased": {"$ref": "#/components/schemas/ErasedCounts"},
                     "remaining": {"type": "array", "items": {"type": "string"},
                                   "description": "What still names the user, and until when."}}},
    "ErasedCounts": {"type": "object", "required": ["profiles", "lists", "results", "events", "learned"],
      "properties": {"profiles": {"type": "integer"}, "lists": {"type": "integer"},
                     "results": {"type": "integer", "description": "Lists of profiles with a timestamp."},
                     "events": {"type": "integer", "description": "Records of the user's events."},
                     "learned": {"type": "integer", "description": "Records of what was learned of the user."}}},
    "Popular": {"type": "object", "required": ["popular", "model_version"],
      "properties": {"popular": {"type": "array", "items": {"$ref": "#/components/schemas/PopularItem"},
                                 "description": "Most taken first."},
                     "model_version": {"type": "string"}}},
    "PopularItem": {"type": "object", "required": ["item_id", "taken"],
      "properties": {"item_id": {"type": "string"}, "taken": {"type": "number", "description": "How often."}}},
    "Reason": {"type": "object", "required": ["item", "history_item", "weight"],
      "description": "The item of the user's recent history (the last 50) to which DIN's attention gave most weight for a recommended item.",
      "properties": {"item": {"type": "string"}, "history_item": {"type": "string"},
                     "weight": {"type": "number",
                                "description": "Above 0, at most 1; summed if the history item occurs more than once."}}},
    "ItemScores": {"type": "object", "required": ["item_id"],
      "properties": {"item_id": {"type": "string"},
                     "lightgcn": {"type": "number", "description": "Inner product; absent for popular items."},
                     "transitions": {"type": "number", "description": "Relative to the best candidate; only if the transitions found the item."},
                     "sources": {"type": "array", "items": {"type": "string", "enum": ["lightgcn", "transitions"]},
                                 "description": "What found the candidate; absent for popular items, and for models without stage features."},
                     "adopted": {"type": "boolean", "description": "True if the item is not in the trained catalogue but was adopted while serving; otherwise absent."},
                     "din": {"type": "number", "description": "Click probability."},
                     "ranknet": {"type": "number"}}},
    "SimilarItems": {"type": "object", "required": ["item_id", "similar", "model_version"],
      "properties": {"item_id": {"type": "string"},
                     "similar": {"type": "array", "items": {"$ref": "#/components/schemas/SimilarItem"},
                                 "description": "Best first, without the item itself."},
                     "model_version": {"type": "string"}}},
    "SimilarItem": {"type": "object", "required": ["item_id", "score", "sources"],
      "properties": {"item_id": {"type": "string"},
                     "score": {"type": "number",
                               "description": "From 0 to 1: reciprocal rank fusion of the places in both lists."},
                     "cosine": {"type": "number", "description": "Of the embeddings, above 0; absent if the item is not among the 100 nearest."},
                     "transition": {"type": "number", "description": "How much the item follows, relative to the one that follows most; absent if it is not among the first 100."},
                     "sources": {"type": "array", "items": {"type": "string", "enum": ["embedding", "transitions"]},
                                 "description": "What found the item."},
                     "adopted": {"type": "boolean", "description": "True if the item is not in the trained catalogue but was adopted while serving; otherwise absent."}}},
    "Metrics": {"type": "object", "required": ["redis_keys", "user_profiles", "recommendations"],
      "properties": {"redis_keys": {"type": ["integer", "null"]}, "user_profiles": {"type": ["integer", "null"]},
                     "recommendations": {"type": ["integer", "null"]},
                     "counted_seconds_ago": {"type": "integer", "description": "Age of the three counts."},
                     "store_error": {"type": "string", "description": "Why they are null."}},
      "additionalProperties": true}
  })");
}

} // namespace

ordered_json rest_schemas() {
  auto schemas = own_schemas();
  const auto& list = schemas["ListQuery"];
  add_list_members(list, schemas["RankQuery"]);
  auto& batch = schemas["BatchQuery"];
  add_list_members(list, batch["properties"]["users"]["items"]["oneOf"][1]);
  add_list_members(list, batch);
  return schemas;
}

} // namespace winnow
