# SPDX-License-Identifier: Apache-2.0
# ESP-IDF's first pass: it includes the component's CMakeLists.txt in script mode, before anything of menuconfig is
# known, and asks for what is required; idf_component_register() returns from whatever calls it.
set(CMAKE_BUILD_EARLY_EXPANSION 1)

macro(idf_component_register)
    cmake_parse_arguments(own "WHOLE_ARCHIVE" "" "SRCS;INCLUDE_DIRS;PRIV_INCLUDE_DIRS;REQUIRES;PRIV_REQUIRES" "${ARGN}")
    message("requires ${own_REQUIRES} ${own_PRIV_REQUIRES}")
    return()
endmacro()

function(ask)
    include(${WARD}/CMakeLists.txt)
endfunction()
ask()
message("end")
