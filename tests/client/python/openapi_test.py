"""The Python client does all that /openapi.json of a real winnowd offers, with the same parameters and fields."""

import dataclasses
import inspect
import json
import pathlib
import sys
import types
import typing
import unittest
import urllib.request

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "support/python"))
import report  # noqa: E402
from daemon import Daemon  # noqa: E402

import winnow_client as wc  # noqa: E402

# The methods of the client that send each request; or a text: why there is none.
COVERED = {
    ("get", "/health"): ["health"],
    ("get", "/livez"): ["alive"],
    ("get", "/readyz"): ["readiness"],
    ("post", "/recommend/{user_id}"): ["recommend", "request_recommendation"],
    ("post", "/recommend"): ["recommend_many", "recommend_session"],
    ("post", "/rank/{user_id}"): ["rank"],
    ("get", "/recommendations/{user_id}"): ["recommendations", "recommendation_page"],
    ("get", "/items/{item_id}"): ["item"],
    ("put", "/items/{item_id}"): ["update_item"],
    ("delete", "/items/{item_id}"): ["reset_item"],
    ("delete", "/users/{user_id}"): ["erase_user"],
    ("get", "/popular"): ["popular"],
    ("get", "/items/{item_id}/similar"): ["similar_items"],
    ("get", "/metrics"): ["metrics_text"],
    ("get", "/metrics-json"): ["metrics"],
    ("put", "/profiles/{user_id}"): ["write_profile"],
    ("get", "/profiles/{user_id}"): ["read_profile"],
    ("delete", "/profiles/{user_id}"): ["delete_profile"],
    ("get", "/openapi.json"): "for tools that make clients",
    ("get", "/docs"): "a page for people",
    ("get", "/redoc"): "a page for people",
}
# Parameters that no argument of these methods has, and why.
PARAMETERS_LEFT_OUT = {
    ("post", "/recommend/{user_id}", "wait"): "request_recommendation sends wait=false",
    ("post", "/recommend/{user_id}", "Prefer"): "the same as wait=false",
    ("post", "/recommend/{user_id}", "placement"): "a member of query",
    ("post", "/recommend", "placement"): "a member of query",
    ("post", "/rank/{user_id}", "placement"): "a member of query",
}
# Headers that no argument has: they are set where requests are traced.
HEADERS_LEFT_OUT = {"traceparent", "tracestate"}
# The arguments that make the body.
BODIES = {
    ("post", "/recommend/{user_id}"): {"query"},
    ("post", "/recommend"): {"users", "history", "query"},
    ("post", "/rank/{user_id}"): {"items", "query"},
    ("put", "/profiles/{user_id}"): {"items"},
    ("put", "/items/{item_id}"): {"attributes"},
}
# The class for each schema; or a text: why there is none.
CLASSES = {
    "Recommendation": wc.Recommendation,
    "Reason": wc.Reason,
    "ItemScores": wc.ItemScores,
    "SimilarItems": wc.SimilarItems,
    "SimilarItem": wc.SimilarItem,
    "Health": wc.Health,
    "Readiness": wc.Readiness,
    "Metrics": wc.Metrics,
    "Item": wc.Item,
    "ItemState": wc.ItemState,
    "WithheldItem": wc.WithheldItem,
    "ErasedUser": wc.ErasedUser,
    "ErasedCounts": wc.ErasedCounts,
    "Popular": wc.Popular,
    "PopularItem": wc.PopularItem,
    "Batch": "the method returns a list of lists and exceptions",
    "BatchOrList": "two methods, one for each",
    "ListQuery": "a mapping of the members",
    "RankQuery": "a mapping of the members, and the items",
    "BatchQuery": "a mapping of the members, and the users or the history",
    "Filter": "a mapping",
    "Error": "raised as StatusError",
    "Status": "the method returns nothing, or True",
    "Accepted": "the method returns nothing",
    "StoredList": wc.ListPage,
    "ListChanged": "raised as ListChanged",
}
# Fields that no class has, and why.
FIELDS_LEFT_OUT = {
    ("Recommendation", "status"): "always success",
    ("StoredList", "status"): "always success",
    ("Recommendation", "message"): "always the same text",
    ("ItemState", "status"): "always success",
    ("ErasedUser", "status"): "always success",
}
TYPES = {"string": str, "integer": int, "number": float, "boolean": bool}


class OpenApi(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon()
        cls.document = json.load(urllib.request.urlopen(cls.daemon.url + "/openapi.json", timeout=20))
        cls.schemas = cls.document["components"]["schemas"]

    @classmethod
    def tearDownClass(cls):
        cls.daemon.stop()

    def test_covers_every_request(self):
        offered = {(method, path) for path, methods in self.document["paths"].items() for method in methods}
        self.assertEqual(offered, COVERED.keys())

    def test_has_an_argument_for_every_parameter(self):
        for (method, path), names in COVERED.items():
            if isinstance(names, str):
                continue
            described = self.document["paths"][path][method]
            wanted = {one["name"] for one in described.get("parameters", [])
                      if (method, path, one["name"]) not in PARAMETERS_LEFT_OUT
                      and one["name"] not in HEADERS_LEFT_OUT}
            self.assertEqual("requestBody" in described, (method, path) in BODIES)
            wanted |= BODIES.get((method, path), set())
            for client in (wc.Winnow, wc.AsyncWinnow):
                arguments = {one for name in names for one in inspect.signature(getattr(client, name)).parameters}
                self.assertEqual(arguments - {"self"}, wanted, f"{client.__name__}: {method} {path}")

    def test_both_clients_have_the_same_methods(self):
        def methods(client):
            return {name: str(inspect.signature(method)).replace("AsyncWinnow", "Winnow")
                    for name, method in inspect.getmembers(client, inspect.isfunction) if not name.startswith("_")}
        self.assertEqual(methods(wc.Winnow), methods(wc.AsyncWinnow))

    def test_defaults_are_those_of_the_daemon(self):
        for (method, path), names in COVERED.items():
            for one in self.document["paths"][path][method].get("parameters", []):
                if not isinstance(names, str) and "default" in one["schema"] and (method, path, one["name"]) not in PARAMETERS_LEFT_OUT:
                    argument = inspect.signature(getattr(wc.Winnow, names[0])).parameters[one["name"]]
                    self.assertEqual(argument.default, one["schema"]["default"], one["name"])

    def test_has_a_class_for_every_schema(self):
        self.assertEqual(self.schemas.keys(), CLASSES.keys())

    def test_has_every_field_of_every_schema_with_its_type(self):
        for name, kind in CLASSES.items():
            if isinstance(kind, str):
                continue
            schema = self.schemas[name]
            hints = typing.get_type_hints(kind)
            fields = {field.name: field for field in dataclasses.fields(kind) if field.name != "everything"}
            wanted = {one for one in schema["properties"] if (name, one) not in FIELDS_LEFT_OUT}
            self.assertEqual(fields.keys(), wanted, name)
            for field in fields.values():
                required = field.name in schema["required"]
                self.assertEqual(field.default is dataclasses.MISSING, required, f"{name}.{field.name}")
                hint = self.hint_of(schema["properties"][field.name])
                self.assertEqual(hints[field.name], hint if required else hint | None, f"{name}.{field.name}")

    def hint_of(self, schema):
        """The Python type for a schema."""
        if "$ref" in schema:
            return CLASSES[schema["$ref"].rsplit("/", 1)[1]]
        if "enum" in schema or "const" in schema:
            return str
        kind = schema["type"]
        if kind == "object":
            return dict[str, typing.Any]
        if kind == "array":
            return types.GenericAlias(list, (self.hint_of(schema["items"]),))
        if isinstance(kind, list):
            first, null = kind
            self.assertEqual(null, "null")
            return TYPES[first] | None
        return TYPES[kind]

    def test_every_status_that_is_described_has_an_exception(self):
        for (method, path) in COVERED:
            for status in self.document["paths"][path][method]["responses"]:
                if status != "default" and int(status) >= 400:
                    raised = wc.errors.status_error(int(status), "", None, None)
                    self.assertIsNot(type(raised), wc.StatusError, f"{method} {path}: {status}")


if __name__ == "__main__":
    report.main("client-openapi")
