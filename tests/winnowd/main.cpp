#define BOOST_TEST_MODULE winnowd
#include <boost/test/unit_test.hpp>
