#pragma once

#include "http/router.hpp"
#include "tools/winnow-bookshop/page/storefront.hpp"

#include <memory>

namespace winnow {

/// The routes of the page and of what it requests. The handlers post to the floor, and use the storefront
/// there; both must outlive the server.
/// @param local_only The server listens on a loopback address: requests must name one as their host.
std::shared_ptr<const http::router> storefront_routes(shop_floor& floor, storefront& front, bool local_only);

} // namespace winnow
