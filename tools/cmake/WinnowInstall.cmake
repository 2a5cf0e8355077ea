# cmake --install BUILD --prefix PREFIX: the programs, and what operators need beside them.
include(GNUInstallDirs)

install(TARGETS winnowd winnowctl winnow-train winnow-eval winnow-bookshop RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
if(TARGET winnow-torch) # winnowd looks for it at this place, seen from its own
  install(TARGETS winnow-torch LIBRARY DESTINATION lib/winnow)
endif()
install(FILES tools/winnowctl/winnowctl.1 DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
install(
  FILES tools/winnowctl/winnowctl.bash
  DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions"
  RENAME winnowctl)
install(DIRECTORY tools/deploy/prometheus tools/deploy/grafana DESTINATION "${CMAKE_INSTALL_DATADIR}/winnow")
install(FILES README.md CHANGELOG.md LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}")

# The unit names the program by its path, which is known no earlier than here. systemd looks into lib, never lib64.
install(FILES tools/deploy/systemd/winnowd.service DESTINATION lib/systemd/system)
install(
  CODE "
    set(unit \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/lib/systemd/system/winnowd.service\")
    file(READ \"\${unit}\" text)
    string(REPLACE \"/usr/local/bin/\" \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}/\" text \"\${text}\")
    file(WRITE \"\${unit}\" \"\${text}\")")
