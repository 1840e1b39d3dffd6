# SPDX-License-Identifier: Apache-2.0
# ward as a component of ESP-IDF 5.5 and 6: the core, the crypto backend that menuconfig chose, and where it asks for
# them the loop of a keyring and the self-test. Kconfig has the options, port/kconfig/limits.h takes the limits from
# them.
include("${CMAKE_CURRENT_LIST_DIR}/kconfig.cmake")

ward_kconfig_sources(ward_sources)

# On its first pass ESP-IDF asks only for what is required: nothing of menuconfig is known, and this call returns.
idf_component_register(SRCS ${ward_sources}
                       INCLUDE_DIRS "${WARD_ROOT}/include"
                       PRIV_INCLUDE_DIRS "${WARD_ROOT}/src"
                       PRIV_REQUIRES mbedtls)

target_compile_definitions(${COMPONENT_LIB} PUBLIC "${WARD_KCONFIG_LIMITS}")

idf_build_get_property(idf_path IDF_PATH)
ward_kconfig_crypto(${COMPONENT_LIB} "${idf_path}/components/mbedtls/mbedtls")
if(TARGET ward_crypto)
    target_compile_definitions(ward_crypto PRIVATE "${WARD_KCONFIG_LIMITS}")
    idf_build_get_property(config_dir CONFIG_DIR)
    target_include_directories(ward_crypto PRIVATE "${config_dir}")
endif()
