# The page is edited as separate HTML, CSS and JavaScript files and compiled in, so that the program needs no files at run
# time.
set(storefront_dir "${CMAKE_CURRENT_LIST_DIR}")
set(storefront_files storefront.html storefront.css storefront.js)
file(READ "${storefront_dir}/storefront.css" WINNOW_STOREFRONT_STYLE)
file(READ "${storefront_dir}/storefront.js" WINNOW_STOREFRONT_SCRIPT)
configure_file("${storefront_dir}/storefront.html" storefront.html @ONLY)
file(READ "${CMAKE_CURRENT_BINARY_DIR}/storefront.html" WINNOW_STOREFRONT_PAGE)
configure_file("${storefront_dir}/storefront_page.cpp.in" storefront_page.cpp @ONLY)
list(TRANSFORM storefront_files PREPEND "${storefront_dir}/")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${storefront_files})
