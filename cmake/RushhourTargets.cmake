# The functions that CMakeLists.txt speaks in. A library is declared once, its headers are listed room by room, and
# each header belongs to exactly one library's file set: what is in no file set would be missing from an installation.

include_guard(GLOBAL)
include(FetchContent)

# rushhour_dependency(TARGET PACKAGE name [FIND args...] [FETCH] [FROM args...] [SETTINGS var value...])
#
# Makes the library target TARGET known: from the machine by find_package(PACKAGE args...), else, with FETCH, from its
# source by FetchContent (FROM: where the source is; SETTINGS: its own options). Without FETCH a missing library is no
# error: the caller asks `if(TARGET ...)` and does without what needs it.
function(rushhour_dependency target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "FETCH" "PACKAGE" "FIND;FROM;SETTINGS")
  if(TARGET ${target})
    return()
  endif()
  # GLOBAL, because what is found here is linked by targets of the including project, whose scope is above ours.
  if(NOT arg_FETCH)
    find_package(${arg_PACKAGE} ${arg_FIND} QUIET GLOBAL)
    return()
  endif()
  set(CMAKE_POLICY_DEFAULT_CMP0077 NEW)
  set(CMAKE_COMPILE_WARNING_AS_ERROR OFF)
  set(CMAKE_VERIFY_INTERFACE_HEADER_SETS OFF)
  set(CMAKE_CXX_CLANG_TIDY "")
  while(arg_SETTINGS)
    list(POP_FRONT arg_SETTINGS name value)
    set(${name} "${value}")
  endwhile()
  FetchContent_Declare(${arg_PACKAGE} ${arg_FROM} FIND_PACKAGE_ARGS ${arg_FIND} QUIET GLOBAL)
  FetchContent_MakeAvailable(${arg_PACKAGE})
  if(NOT ${arg_PACKAGE}_FOUND)
    set_property(GLOBAL APPEND PROPERTY RUSHHOUR_FETCHED ${arg_PACKAGE})
  endif()
endfunction()

# rushhour_library(NAME [LINKS targets...])
#
# The header-only library rushhour::NAME, installed as component NAME of the package.
function(rushhour_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LINKS")
  rushhour_target_name(target ${name})
  add_library(${target} INTERFACE)
  add_library(rushhour::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  target_compile_features(${target} INTERFACE cxx_std_20)
  target_link_libraries(${target} INTERFACE ${arg_LINKS})
  set_property(GLOBAL APPEND PROPERTY RUSHHOUR_LIBRARIES ${name})
endfunction()

# rushhour_headers(NAME ROOT FOLDER headers...)
#
# Puts headers of one folder into rushhour::NAME. ROOT is the include root (include or fakes), FOLDER is below it. They
# count as listed even where the library itself is left out for want of a dependency.
function(rushhour_headers name root folder)
  list(TRANSFORM ARGN PREPEND "${PROJECT_SOURCE_DIR}/${root}/${folder}/" OUTPUT_VARIABLE files)
  get_property(listed GLOBAL PROPERTY RUSHHOUR_HEADERS)
  foreach(file IN LISTS files)
    if(file IN_LIST listed)
      message(FATAL_ERROR "${file} is listed twice: each header belongs to one file set, once.")
    endif()
    list(APPEND listed "${file}")
  endforeach()
  set_property(GLOBAL PROPERTY RUSHHOUR_HEADERS ${listed})
  rushhour_target_name(target ${name})
  if(TARGET ${target})
    target_sources(${target} INTERFACE FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}/${root}" FILES ${files})
    set_property(GLOBAL APPEND PROPERTY RUSHHOUR_HEADERS_${name} ${files})
  endif()
endfunction()

# Fails when a header of the two include roots is in no file set, and names it.
function(rushhour_check_headers)
  get_property(listed GLOBAL PROPERTY RUSHHOUR_HEADERS)
  file(GLOB_RECURSE present CONFIGURE_DEPENDS
    "${PROJECT_SOURCE_DIR}/include/*.hpp" "${PROJECT_SOURCE_DIR}/fakes/*.hpp")
  list(REMOVE_ITEM present ${listed})
  if(present)
    list(JOIN present "\n  " present)
    message(FATAL_ERROR "These headers are in no file set; add each to its room in CMakeLists.txt:\n  ${present}")
  endif()
endfunction()

# rushhour_compiled_library(NAME LIBRARIES names... [LINKS targets...])
#
# rushhour::NAME: the bodies of every detail/*_inl.hpp of the named libraries, each compiled once. Who links it sees
# RUSHHOUR_HEADER_ONLY=0 and so only declarations. Eight bodies share a translation unit, which halves the time of a
# build from nothing; -DCMAKE_UNITY_BUILD=OFF gives each its own, and preset headers proves that each can have it.
function(rushhour_compiled_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LIBRARIES;LINKS")
  rushhour_target_name(target ${name})
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/${name}")
  file(CONFIGURE OUTPUT "${folder}/config.cpp" CONTENT "#include <rushhour/config.hpp>\n" @ONLY)
  set(sources "${folder}/config.cpp")
  foreach(library IN LISTS arg_LIBRARIES)
    get_property(headers GLOBAL PROPERTY RUSHHOUR_HEADERS_${library})
    list(FILTER headers INCLUDE REGEX "_inl\\.hpp$")
    foreach(header IN LISTS headers)
      string(REGEX REPLACE "^.*/(include|fakes)/(rushhour/.*)$" "\\2" include_path "${header}")
      string(REGEX REPLACE "^rushhour/(.*)_inl\\.hpp$" "\\1" source "${include_path}")
      string(REPLACE "detail/" "" source "${source}")
      string(REPLACE "/" "_" source "${source}")
      file(CONFIGURE OUTPUT "${folder}/${source}.cpp"
        CONTENT "#include <rushhour/config.hpp>\n#include <${include_path}>\n" @ONLY)
      list(APPEND sources "${folder}/${source}.cpp")
    endforeach()
  endforeach()
  add_library(${target} STATIC ${sources})
  add_library(rushhour::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  if(NOT DEFINED CMAKE_UNITY_BUILD)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON)
  endif()
  target_compile_definitions(${target} PUBLIC RUSHHOUR_HEADER_ONLY=0)
  target_link_libraries(${target} PUBLIC ${arg_LINKS} PRIVATE $<BUILD_INTERFACE:rushhour_warnings>)
  foreach(library IN LISTS arg_LIBRARIES)
    target_link_libraries(${target} PUBLIC rushhour::${library})
  endforeach()
  if(NOT PROJECT_IS_TOP_LEVEL)
    set_target_properties(${target} PROPERTIES EXCLUDE_FROM_ALL ON)
  endif()
endfunction()

# rushhour::panther_clock: the system's clock functions on virtual time, for programs that run Python rules
# (rushhour/panther/virtual_time.hpp). Its one source is compiled into the program, whose functions libpython and its
# modules then find before the C library's.
function(rushhour_panther_clock)
  add_library(rushhour_panther_clock INTERFACE)
  add_library(rushhour::panther_clock ALIAS rushhour_panther_clock)
  set_target_properties(rushhour_panther_clock PROPERTIES EXPORT_NAME panther_clock)
  set(source include/rushhour/panther/detail/virtual_time.cpp)
  target_sources(rushhour_panther_clock INTERFACE
    "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/${source}>" "$<INSTALL_INTERFACE:${source}>")
  target_link_libraries(rushhour_panther_clock INTERFACE rushhour::panther)
  foreach(function IN ITEMS clock_gettime gettimeofday time nanosleep clock_nanosleep)
    target_link_options(rushhour_panther_clock INTERFACE LINKER:--export-dynamic-symbol=${function})
  endforeach()
endfunction()

# The real target behind rushhour::NAME. The engine is rushhour, the others rushhour_NAME.
function(rushhour_target_name out name)
  if(name STREQUAL "rushhour")
    set(${out} rushhour PARENT_SCOPE)
  else()
    set(${out} rushhour_${name} PARENT_SCOPE)
  endif()
endfunction()
