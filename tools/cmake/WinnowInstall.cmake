# cmake --install BUILD --prefix PREFIX: installs the programs and the files that operators need.
install(TARGETS winnowd winnowctl winnow-train winnow-eval winnow-bookshop winnow-bench
        RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
if(TARGET winnow-torch) # winnowd looks for it at this path relative to its own
  install(TARGETS winnow-torch LIBRARY DESTINATION lib/winnow)
endif()
install(FILES tools/winnowctl/winnowctl.1 tools/deploy/training/winnow-retrain.1 DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
install(
  FILES tools/winnowctl/winnowctl.bash
  DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions"
  RENAME winnowctl)
install(DIRECTORY tools/deploy/prometheus tools/deploy/grafana DESTINATION "${CMAKE_INSTALL_DATADIR}/winnow")
install(DIRECTORY tools/client/cpp/winnow DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(
  DIRECTORY tools/client/python
  DESTINATION "${CMAKE_INSTALL_DATADIR}/winnow"
  PATTERN "__pycache__" EXCLUDE)

# The documents of operators and model builders keep their relative paths, so that their links to each other work.
foreach(
  document
  README.md
  CHANGELOG.md
  LICENSE
  models/README.md
  models/training/README.md
  tests/bench/RESULTS.md
  tools/client/README.md
  tools/client/cpp/README.md
  tools/client/python/README.md
  tools/deploy/README.md
  tools/docs/console.png
  tools/docs/cookbook.md
  tools/docs/moving.md
  tools/docs/zh-CN/cookbook.md
  tools/docs/zh-CN/moving.md
  tools/docs/zh-CN/README.md
  tools/docs/zh-CN/operations.md
  tools/winnow-bookshop/README.md
  tools/winnowd/README.md)
  get_filename_component(folder "${document}" DIRECTORY)
  install(FILES "${document}" DESTINATION "${CMAKE_INSTALL_DOCDIR}/${folder}")
endforeach()

# The unit contains the path of the program, which is known only at installation. systemd searches lib, never lib64.
install(FILES tools/deploy/systemd/winnowd.service tools/deploy/systemd/winnow-train.service
              tools/deploy/systemd/winnow-train.timer DESTINATION lib/systemd/system)
install(PROGRAMS tools/deploy/training/winnow-retrain DESTINATION "${CMAKE_INSTALL_BINDIR}")
install(
  CODE "
    foreach(name winnowd winnow-train)
      set(unit \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/lib/systemd/system/\${name}.service\")
      file(READ \"\${unit}\" text)
      string(REPLACE \"/usr/local/bin/\" \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}/\" text \"\${text}\")
      file(WRITE \"\${unit}\" \"\${text}\")
    endforeach()")
