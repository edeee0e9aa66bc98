# rushhour_add_scenario(NAME file.json [BASELINE] [EVENTS n] [SEEDS n] [LABELS labels...])
#
# A CTest NAME that runs `rushhour check file.json` in the current source folder: it fails when a budget of the scenario
# is broken, and with BASELINE also when a number differs from the baseline beside the scenario (`rushhour check
# file.json --accept` makes it). EVENTS takes that many events in place of the scenario's, SEEDS so many seeds.
#
#   find_package(rushhour 0.1 REQUIRED)
#   enable_testing()
#   rushhour_add_scenario(secret-read scenarios/secret-read.json BASELINE LABELS simulation)
#
# The program is the one that this build makes (RUSHHOUR_BUILD_CLI), else the one that was installed with the package,
# else `rushhour` of the PATH; RUSHHOUR_PROGRAM names another.

include_guard(GLOBAL)

function(rushhour_add_scenario name file)
  cmake_parse_arguments(PARSE_ARGV 2 arg "BASELINE" "EVENTS;SEEDS" "LABELS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "rushhour_add_scenario(${name}): no such argument: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/${file}" AND NOT (IS_ABSOLUTE "${file}" AND EXISTS "${file}"))
    message(FATAL_ERROR "rushhour_add_scenario(${name}): there is no ${file} in ${CMAKE_CURRENT_SOURCE_DIR}")
  endif()
  if(RUSHHOUR_PROGRAM)
    set(program "${RUSHHOUR_PROGRAM}")
  elseif(TARGET rushhour_cli)
    set(program "$<TARGET_FILE:rushhour_cli>")
  else()
    find_program(RUSHHOUR_PROGRAM rushhour HINTS "${RUSHHOUR_PACKAGE_PROGRAMS}")
    if(NOT RUSHHOUR_PROGRAM)
      message(FATAL_ERROR "rushhour_add_scenario(${name}): the program `rushhour` is neither part of this build nor "
        "installed; set RUSHHOUR_BUILD_CLI before adding rushhour, or RUSHHOUR_PROGRAM to where it is")
    endif()
    set(program "${RUSHHOUR_PROGRAM}")
  endif()
  set(options "")
  if(arg_BASELINE)
    list(APPEND options --baseline)
  endif()
  if(DEFINED arg_EVENTS)
    list(APPEND options --events ${arg_EVENTS})
  endif()
  if(DEFINED arg_SEEDS)
    list(APPEND options --seeds ${arg_SEEDS})
  endif()
  add_test(NAME ${name} COMMAND "${program}" check "${file}" ${options}
    WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}")
  set_tests_properties(${name} PROPERTIES LABELS "${arg_LABELS}")
endfunction()
