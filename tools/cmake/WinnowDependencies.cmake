# All packages that Winnow is built from. tools/packages.txt lists the Debian packages that contain them.

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(Boost 1.74 REQUIRED COMPONENTS system)
find_package(CAF 0.17.6 REQUIRED COMPONENTS core)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(tl-expected REQUIRED)
find_package(Microsoft.GSL REQUIRED)
find_package(ZLIB REQUIRED)
# With pkg-config, because prometheus-cpp's CMake config also requires the civetweb and curl packages.
pkg_check_modules(prometheus REQUIRED IMPORTED_TARGET prometheus-cpp-core)
pkg_check_modules(hiredis REQUIRED IMPORTED_TARGET hiredis)
pkg_check_modules(libhwy REQUIRED IMPORTED_TARGET libhwy)
pkg_check_modules(openblas REQUIRED IMPORTED_TARGET openblas)
pkg_check_modules(libxxhash REQUIRED IMPORTED_TARGET libxxhash)

if(WINNOW_TESTS)
  find_package(Boost 1.74 REQUIRED COMPONENTS unit_test_framework)
  find_package(Torch REQUIRED)
elseif(WINNOW_TORCH)
  find_package(Torch QUIET)
endif()

if(Torch_FOUND)
  # Torch's own target adds compile flags. This one has only its headers, as system headers, and its libraries.
  add_library(winnow_torch INTERFACE)
  target_include_directories(winnow_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
  target_link_libraries(winnow_torch INTERFACE ${TORCH_LIBRARIES})
endif()
