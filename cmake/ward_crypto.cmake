# SPDX-License-Identifier: Apache-2.0
# The crypto backend, for every kind of CMake build: with mbedTLS of its own, or with the application's.

# ward_crypto_check_sha256(): WARD_SHA256 is one of ward.mk, and the backend has a use for it.
function(ward_crypto_check_sha256)
    ward_mk_list(WARD_SHA256_SOURCES_${WARD_SHA256} sources)
    if(NOT sources)
        message(FATAL_ERROR "ward: WARD_SHA256=${WARD_SHA256} is neither mbedtls nor ward")
    endif()
    if(WARD_CRYPTO STREQUAL psa AND NOT WARD_SHA256 STREQUAL mbedtls)
        message(FATAL_ERROR "ward: WARD_SHA256=${WARD_SHA256} has no effect with WARD_CRYPTO=psa, whose SHA-256 is the application's "
                            "PSA: leave WARD_SHA256 out, or take another backend")
    endif()
endfunction()

# ward_crypto_own(LIBRARY MBEDTLS_DIR): adds the backend of WARD_CRYPTO to LIBRARY, and what it takes of the mbedTLS in
# MBEDTLS_DIR, as one object whose other names are hidden: an mbedTLS of the application is neither touched nor met, and
# its configuration is not ours. Flags, definitions and include folders of the target ward_crypto are then the caller's
# to add.
function(ward_crypto_own library mbedtls_dir)
    ward_mk_list(WARD_CRYPTO_CALLS roots)
    ward_mk_sources(WARD_CRYPTO_SOURCES backend)
    # mbedTLS 2.28 is told by a file that later ones do not have.
    if(EXISTS "${mbedtls_dir}/library/rsa_internal.c")
        ward_mk_list(WARD_MBEDTLS_SOURCES_${WARD_CRYPTO}_228 mbedtls)
    else()
        ward_mk_list(WARD_MBEDTLS_SOURCES_${WARD_CRYPTO} mbedtls)
    endif()
    ward_mk_list(WARD_MBEDTLS_CONFIG_${WARD_CRYPTO} config)
    if(NOT mbedtls)
        message(FATAL_ERROR "ward: WARD_CRYPTO=${WARD_CRYPTO} is not a backend of ward.mk that brings an mbedTLS of its own; "
                            "with psa, WARD_MBEDTLS_TARGET names the application's")
    endif()
    foreach(file ${mbedtls})
        if(NOT EXISTS "${mbedtls_dir}/library/${file}")
            message(FATAL_ERROR "ward: ${mbedtls_dir}/library/${file} is missing: set MBEDTLS_DIR to the sources of mbedTLS 3.6")
        endif()
    endforeach()
    list(TRANSFORM mbedtls PREPEND "${mbedtls_dir}/library/")
    add_library(ward_crypto OBJECT ${backend} ${mbedtls})
    # Machine code: what the application's LTO would leave has no names that could be hidden.
    set_target_properties(ward_crypto PROPERTIES C_STANDARD 11 UNITY_BUILD OFF INTERPROCEDURAL_OPTIMIZATION OFF)
    target_compile_definitions(ward_crypto PRIVATE "MBEDTLS_CONFIG_FILE=\"${config}\"")
    # Most of it is not ours to correct: whatever an application warns about, it is silent.
    # mbedTLS's assembly for Cortex-M4 and later needs the frame pointer's register, which gcc keeps at -O0.
    target_compile_options(ward_crypto PRIVATE -ffunction-sections -fdata-sections -fomit-frame-pointer -fno-lto -w)
    # Before all others: an application's mbedTLS may be among them.
    target_include_directories(ward_crypto BEFORE PRIVATE "${WARD_ROOT}/include" "${WARD_ROOT}/src" "${WARD_ROOT}/port/crypto/mbedtls"
                               "${mbedtls_dir}/include" "${mbedtls_dir}/library")

    if(WARD_CRYPTO STREQUAL mbedtls_rsa)
        list(APPEND roots mbedtls_memory_buffer_alloc_init mbedtls_memory_buffer_alloc_free)
    endif()
    list(TRANSFORM roots PREPEND "-Wl,-u,")
    separate_arguments(machine UNIX_COMMAND "${CMAKE_C_FLAGS}")
    set(object "${CMAKE_CURRENT_BINARY_DIR}/ward_crypto${CMAKE_C_OUTPUT_EXTENSION}")
    add_custom_command(
        OUTPUT "${object}"
        COMMAND "${CMAKE_C_COMPILER}" ${machine} -fno-lto -r -nostdlib -Wl,--gc-sections ${roots} "$<TARGET_OBJECTS:ward_crypto>" -o "${object}"
        COMMAND "${CMAKE_OBJCOPY}" --strip-unneeded "${object}"
        COMMAND "${CMAKE_OBJCOPY}" --wildcard "--keep-global-symbol=ward_*" "--keep-global-symbol=mbedtls_memory_buffer_alloc_*" "${object}"
        DEPENDS ward_crypto "$<TARGET_OBJECTS:ward_crypto>"
        COMMAND_EXPAND_LISTS VERBATIM)
    set_source_files_properties("${object}" PROPERTIES EXTERNAL_OBJECT TRUE GENERATED TRUE)
    target_sources(${library} PRIVATE "${object}")
endfunction()

# ward_crypto_application(LIBRARY): adds the backend alone; it is compiled with the application's mbedTLS, as LIBRARY
# finds it.
function(ward_crypto_application library)
    ward_mk_sources(WARD_CRYPTO_SOURCES backend)
    if(NOT backend)
        message(FATAL_ERROR "ward: WARD_CRYPTO=${WARD_CRYPTO} is not a backend of ward.mk")
    endif()
    target_sources(${library} PRIVATE ${backend})
endfunction()
