#pragma once

#include "config/error.hpp"
#include "tools/winnowctl/import/gorse_records.hpp"

namespace winnow {

/// Reads a CSV file with the header that Gorse wrote until version 0.4: `feedback_type,user_id,item_id,
/// time_stamp`, or `item_id,is_hidden,categories,time_stamp,labels,description`, or `user_id,labels`, the
/// columns in any order. Rows that cannot be read are left out.
result<void> read_gorse_csv(const std::string& path, gorse_sink& into);

} // namespace winnow
