#define BOOST_TEST_MODULE bookshop
#include <boost/test/unit_test.hpp>
