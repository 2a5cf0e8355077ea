# The INTERFACE target winnow_options has the settings of all Winnow targets: standard, warnings, sanitizers.

set(WINNOW_SANITIZE "" CACHE STRING "Sanitizers to build with, e.g. address,undefined or thread")
# Off by default, so that new warnings of newer compilers do not break the build for users. The presets, which are
# for development and tests, turn it on.
option(WINNOW_WARNINGS_AS_ERRORS "Treat compiler warnings as errors" OFF)
option(WINNOW_ASSERTIONS "Build with the standard library's assertions" OFF)

find_program(WINNOW_CCACHE ccache)
if(WINNOW_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${WINNOW_CCACHE}")
endif()

# Explicit, although it is GCC's default: clang-tidy reads the compile commands and has another default.
set(CMAKE_CXX_STANDARD 17)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG")
if(WINNOW_FUZZERS)
  set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 -g1") # instrumented code compiles much faster so, and keeps its assertions
endif()
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g")

add_library(winnow_options INTERFACE)
target_include_directories(winnow_options INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_options(winnow_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow)
if(WINNOW_WARNINGS_AS_ERRORS)
  target_compile_options(winnow_options INTERFACE -Werror)
endif()
if(WINNOW_SANITIZE)
  target_compile_options(winnow_options INTERFACE -fsanitize=${WINNOW_SANITIZE} -fno-omit-frame-pointer
                                                  -fno-sanitize-recover=all)
  target_link_options(winnow_options INTERFACE -fsanitize=${WINNOW_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # With sanitizers, GCC 12 warns about empty optionals that nobody reads, in Boost, std::regex and our own code.
    target_compile_options(winnow_options INTERFACE -Wno-maybe-uninitialized)
  endif()
endif()
if(WINNOW_FUZZERS)
  target_compile_options(winnow_options INTERFACE -fsanitize=fuzzer-no-link) # counts the branches that an input takes
endif()
if(WINNOW_SANITIZE MATCHES "thread")
  # GCC warns about every fence, because ThreadSanitizer does not see them. Asio's headers have some, in addition to
  # its locks. A fence of Winnow that matters would show up as a race.
  target_compile_options(winnow_options INTERFACE -Wno-tsan)
endif()
if(WINNOW_ASSERTIONS)
  target_compile_definitions(winnow_options INTERFACE _GLIBCXX_ASSERTIONS)
endif()

# winnow_library(NAME SOURCES … DEPENDS …): a static library, one per folder, with explicit sources.
function(winnow_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS;PRIVATE_DEPENDS" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES})
  target_link_libraries(${name} PUBLIC winnow_options ${arg_DEPENDS} PRIVATE ${arg_PRIVATE_DEPENDS})
endfunction()

# winnow_program(NAME SOURCES … DEPENDS …): an executable in <build>/bin.
function(winnow_program name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE winnow_options ${arg_DEPENDS})
endfunction()

# winnow_test(NAME SOURCES … DEPENDS …): a Boost.Test executable, which writes its JUnit report to <build>/reports.
function(winnow_test name)
  cmake_parse_arguments(arg "" "TIMEOUT" "SOURCES;DEPENDS" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  if(WINNOW_SANITIZE)
    math(EXPR arg_TIMEOUT "${arg_TIMEOUT} * 4")
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_compile_definitions(${name} PRIVATE BOOST_TEST_DYN_LINK)
  target_link_libraries(${name} PRIVATE winnow_options Boost::unit_test_framework ${arg_DEPENDS})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests")
  file(MAKE_DIRECTORY "${PROJECT_BINARY_DIR}/reports")
  add_test(NAME ${name} COMMAND ${name} --logger=HRF,test_suite,stdout
                                        --logger=JUNIT,error,${PROJECT_BINARY_DIR}/reports/${name}.xml)
  # die_after_fork: a test of the embedded store kills children that it forks, which have threads.
  set_tests_properties(
    ${name}
    PROPERTIES
      TIMEOUT ${arg_TIMEOUT}
      ENVIRONMENT
      "WINNOW_SOURCE_DIR=${PROJECT_SOURCE_DIR};WINNOW_BIN_DIR=${PROJECT_BINARY_DIR}/bin;TSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/tsan.supp halt_on_error=1 die_after_fork=0;OPENBLAS_NUM_THREADS=1;OMP_NUM_THREADS=1"
  )
endfunction()
