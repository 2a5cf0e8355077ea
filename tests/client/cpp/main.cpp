#define BOOST_TEST_MODULE client_cpp
#include <boost/test/unit_test.hpp>
