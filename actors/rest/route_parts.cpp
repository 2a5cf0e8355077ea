#include "actors/rest/route_parts.hpp"

#include <utility>

namespace winnow {

http::handler pass(const call_sink& sink, http_call::kind what) {
  return [sink, what](http::request asked, http::responder answer) {
    sink(std::make_shared<const http_call>(what, std::move(asked), std::move(answer)));
  };
}

http::handler pass_traced(const call_sink& sink, http_call::kind what, const tracer_ptr& traces) {
  if (!traces)
    return pass(sink, what);
  return [sink, what, traces](http::request asked, http::responder answer) {
    auto trace = traces->begin(asked);
    if (trace)
      answer = traced_responder(trace, std::move(answer));
    sink(std::make_shared<const http_call>(what, std::move(asked), std::move(answer), std::move(trace)));
  };
}

std::vector<parameter_doc> with_trace_headers(std::vector<parameter_doc> parameters) {
  parameters.push_back(
      {"traceparent", "header",
       "W3C Trace Context: the client's trace and span. If the request is traced, the answer "
       "has the same header, with the server's span.",
       R"({"type":"string"})", false});
  parameters.push_back({"tracestate", "header",
                        "W3C Trace Context: passed on to the answer and to the exported spans.",
                        R"({"type":"string"})", false});
  return parameters;
}

parameter_doc user_parameter() {
  return {"user_id", "path", "The user's id: opaque bytes, percent-encoded.", R"({"type":"string"})", true};
}

parameter_doc placement_parameter() {
  return {"placement", "query", "The placement of the shop's rules that the list is for.",
          R"({"type":"string"})", false};
}

response_doc error_doc(unsigned status, const char* description) {
  return json_doc(status, description, "Error");
}

response_doc json_doc(unsigned status, const char* description, const char* schema, const char* example) {
  response_doc doc;
  doc.status = status;
  doc.description = description;
  doc.schema = schema;
  doc.example = example;
  return doc;
}

http::body_doc query_body(const char* description, const char* schema, const char* example, bool required) {
  http::body_doc body;
  body.description = description;
  body.schema = schema;
  body.example = example;
  body.required = required;
  body.checked_by_handler = true;
  return body;
}

} // namespace winnow
