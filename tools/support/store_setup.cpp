#include "tools/support/store_setup.hpp"

#include "tools/support/free_port.hpp"

namespace winnow {

const char* to_string(store_form form) noexcept {
  switch (form) {
  case store_form::memory:
    return "memory";
  case store_form::file:
    return "file";
  case store_form::redis:
    return "redis";
  case store_form::tls:
    return "tls";
  case store_form::sentinel:
    return "sentinel";
  case store_form::cluster:
    return "cluster";
  }
  return "";
}

store_setup::store_setup(store_form form, const std::vector<std::string>& arguments, std::size_t replicas)
    : form_(form) {
  auto words = arguments;
  if (form == store_form::tls) {
    const auto identity = authority_.emplace().issue("server", "DNS:localhost,IP:127.0.0.1");
    tls_port_ = free_port();
    words.insert(words.end(), {"--tls-port", std::to_string(tls_port_), "--tls-cert-file",
                               identity.certificate, "--tls-key-file", identity.key, "--tls-ca-cert-file",
                               authority_->file(), "--tls-auth-clients", "no"});
  }
  if (form == store_form::redis || form == store_form::tls)
    single_ = std::make_unique<redis_server>(words);
  if (form == store_form::sentinel)
    sentinels_ = std::make_unique<sentinel_group>();
  if (form == store_form::cluster)
    cluster_ = std::make_unique<redis_cluster>(replicas);
}

std::vector<std::string> store_setup::flags() const {
  const auto places = [](std::size_t count, const auto& port_of) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
      text += (i == 0 ? "127.0.0.1:" : ",127.0.0.1:") + std::to_string(port_of(i));
    return text;
  };
  switch (form_) {
  case store_form::memory:
    return {"--store", "memory:"};
  case store_form::file:
    return {"--store", "file:" + directory_.path() + "/store"};
  case store_form::redis:
    return {"--store", "redis://" + places(1, [&](std::size_t) { return single_->port(); }) + "/0"};
  case store_form::tls:
    return {"--store", "rediss://" + places(1, [&](std::size_t) { return tls_port_; }) + "/0",
            "--redis-tls-ca", authority_->file()};
  case store_form::sentinel:
    return {"--store", "redis+sentinel://" + places(sentinel_group::sentinels, [&](std::size_t i) {
                         return sentinels_->sentinel_port(i);
                       }) + "/shop/0"};
  case store_form::cluster:
    return {"--store", "redis+cluster://" + places(redis_cluster::shards,
                                                   [&](std::size_t i) { return cluster_->node(i).port(); })};
  }
  return {};
}

std::vector<redis_server*> store_setup::masters() {
  if (cluster_)
    return cluster_->masters();
  return {sentinels_ ? &sentinels_->master() : single_.get()};
}

redis_server& store_setup::master_of(const std::string& key) {
  return cluster_ ? cluster_->master_of(key) : *masters().front();
}

std::string store_setup::call(const std::vector<std::string>& command) {
  return master_of(command.at(1)).call(command);
}

} // namespace winnow
