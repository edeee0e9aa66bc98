# Installs the headers, rushhour::compiled, the command line and the CMake package `rushhour`. Each library beyond
# rushhour::fakes has an export file of its own, so that `find_package(rushhour)` asks for nothing its user left out.

include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

get_property(fetched GLOBAL PROPERTY RUSHHOUR_FETCHED)
if(fetched)
  list(JOIN fetched ", " fetched)
  message(STATUS "rushhour: nothing to install: an installed package needs these on the machine: ${fetched}")
  return()
endif()

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/rushhour")

set(exports rushhourTargets)
get_property(libraries GLOBAL PROPERTY RUSHHOUR_LIBRARIES)
foreach(library IN LISTS libraries)
  rushhour_target_name(target ${library})
  if(library MATCHES "^(rushhour|fakes)$")
    install(TARGETS ${target} EXPORT rushhourTargets FILE_SET HEADERS)
  else()
    install(TARGETS ${target} EXPORT rushhour-${library}Targets FILE_SET HEADERS)
    list(APPEND exports rushhour-${library}Targets)
  endif()
endforeach()
if(TARGET rushhour_panther_clock)
  install(TARGETS rushhour_panther_clock EXPORT rushhour-pantherTargets)
  install(FILES "${PROJECT_SOURCE_DIR}/include/rushhour/panther/detail/virtual_time.cpp"
    DESTINATION include/rushhour/panther/detail)
endif()
foreach(compiled IN ITEMS compiled panther_compiled)
  if(TARGET rushhour_${compiled})
    install(TARGETS rushhour_${compiled} EXPORT rushhour-${compiled}Targets)
    list(APPEND exports rushhour-${compiled}Targets)
  endif()
endforeach()
foreach(export IN LISTS exports)
  install(EXPORT ${export} NAMESPACE rushhour:: DESTINATION ${package_dir})
endforeach()

if(TARGET rushhour_cli)
  install(TARGETS rushhour_cli)
  foreach(place IN ITEMS
      "rushhour.1:${CMAKE_INSTALL_MANDIR}/man1"
      "rushhour.bash:${CMAKE_INSTALL_DATADIR}/bash-completion/completions"
      "_rushhour:${CMAKE_INSTALL_DATADIR}/zsh/site-functions")
    string(REGEX MATCH "^[^:]*" text "${place}")
    string(REGEX REPLACE "^[^:]*:" "" folder "${place}")
    install(FILES "${PROJECT_BINARY_DIR}/share/${text}" DESTINATION "${folder}")
  endforeach()
  install(TARGETS rushhour_preload LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/rushhour)
endif()

configure_package_config_file(
  "${PROJECT_SOURCE_DIR}/cmake/rushhourConfig.cmake.in" "${PROJECT_BINARY_DIR}/rushhourConfig.cmake"
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file("${PROJECT_BINARY_DIR}/rushhourConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES
  "${PROJECT_BINARY_DIR}/rushhourConfig.cmake"
  "${PROJECT_BINARY_DIR}/rushhourConfigVersion.cmake"
  "${PROJECT_SOURCE_DIR}/cmake/Findhttplib.cmake"
  "${PROJECT_SOURCE_DIR}/cmake/FindPythonEmbed.cmake"
  "${PROJECT_SOURCE_DIR}/cmake/RushhourScenario.cmake"
  DESTINATION ${package_dir})
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION ${CMAKE_INSTALL_DOCDIR})
