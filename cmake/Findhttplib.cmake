# Finds cpp-httplib and gives the imported target httplib::httplib.
#
# It comes in three shapes, tried in this order:
#   1. its own CMake package (upstream's `cmake --install`, vcpkg, Conan);
#   2. Debian's and Ubuntu's libcpp-httplib-dev: a header of declarations, a shared library, and a pkg-config file. Its
#      -D flags change the layout of the classes: a program compiled without them links, starts and segfaults, so
#      the target carries them;
#   3. the bare header httplib.h, bodies and all, in any include path. -Dhttplib_INCLUDE_DIR=FOLDER (or httplib_ROOT)
#      names one and is then preferred to all others.
#
# Variables: httplib_FOUND, httplib_VERSION, httplib_INCLUDE_DIR.

include(FindPackageHandleStandardArgs)

# The bare header has its bodies between two ruler lines, which upstream's split.py removes from the split header.
function(_httplib_is_whole_header out folder)
  set(ruler "")
  if(EXISTS "${folder}/httplib.h")
    file(STRINGS "${folder}/httplib.h" ruler REGEX "^// -----------------------------------" LIMIT_COUNT 1)
  endif()
  if(ruler)
    set(${out} TRUE PARENT_SCOPE)
  else()
    set(${out} FALSE PARENT_SCOPE)
  endif()
endfunction()

function(_httplib_header_version out folder)
  file(STRINGS "${folder}/httplib.h" line REGEX "^#define CPPHTTPLIB_VERSION \"" LIMIT_COUNT 1)
  string(REGEX REPLACE "^.*\"([0-9.]+)\".*$" "\\1" version "${line}")
  set(${out} "${version}" PARENT_SCOPE)
endfunction()

set(_httplib_header_named FALSE)
if(httplib_INCLUDE_DIR OR httplib_ROOT OR DEFINED ENV{httplib_ROOT})
  find_path(httplib_INCLUDE_DIR httplib.h)
  _httplib_is_whole_header(_httplib_header_named "${httplib_INCLUDE_DIR}")
endif()

if(NOT TARGET httplib::httplib AND NOT _httplib_header_named)
  find_package(httplib CONFIG QUIET)
endif()

if(NOT TARGET httplib::httplib AND NOT _httplib_header_named)
  find_package(PkgConfig QUIET)
  if(PkgConfig_FOUND)
    pkg_check_modules(HTTPLIB_PC QUIET IMPORTED_TARGET GLOBAL cpp-httplib)
    if(HTTPLIB_PC_FOUND)
      find_package(Threads QUIET)
      add_library(httplib::httplib INTERFACE IMPORTED)
      target_link_libraries(httplib::httplib INTERFACE PkgConfig::HTTPLIB_PC Threads::Threads)
      set(httplib_VERSION "${HTTPLIB_PC_VERSION}")
      set(httplib_INCLUDE_DIR "${HTTPLIB_PC_INCLUDEDIR}")
    endif()
  endif()
endif()

if(NOT TARGET httplib::httplib)
  find_path(httplib_INCLUDE_DIR httplib.h)
  _httplib_is_whole_header(_httplib_whole "${httplib_INCLUDE_DIR}")
  if(_httplib_whole)
    find_package(Threads QUIET)
    _httplib_header_version(httplib_VERSION "${httplib_INCLUDE_DIR}")
    add_library(httplib::httplib INTERFACE IMPORTED)
    target_include_directories(httplib::httplib SYSTEM INTERFACE "${httplib_INCLUDE_DIR}")
    target_link_libraries(httplib::httplib INTERFACE Threads::Threads)
  endif()
endif()

if(TARGET httplib::httplib)
  set(_httplib_target httplib::httplib)
endif()
find_package_handle_standard_args(httplib
  REQUIRED_VARS _httplib_target
  VERSION_VAR httplib_VERSION
  REASON_FAILURE_MESSAGE "install libcpp-httplib-dev with pkg-config, or name a folder with httplib.h by -Dhttplib_INCLUDE_DIR=FOLDER")
mark_as_advanced(httplib_INCLUDE_DIR)
