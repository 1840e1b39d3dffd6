# SPDX-License-Identifier: Apache-2.0
# A PSA for the tests of port/crypto/psa.c, as a library beside ward's, where a firmware has its own: flavours `psa` and
# `tfpsa` (tests/variants.mk). Each call that ward makes of it passes through tests/psa/psa_faults.c.

ifeq ($(WARD_CRYPTO),psa)

PSA_LIBRARY := $(BUILD)/libpsa.a
PSA_SUITES  := tests/psa/test_psa.c
PSA_FAULTS  := tests/psa/psa_faults.c
PSA_WRAPS   := $(addprefix -Wl$(comma)--wrap=psa_,hash_setup hash_update hash_finish hash_abort import_key verify_hash destroy_key)

ifneq ($(filter tfpsa,$(FLAVOUR)),)
PSA_FOLDERS := core drivers/builtin/src
PSA_ROOT    := $(TF_PSA_CRYPTO_DIR)
# In a release these lie in core/; a tree from its repository makes them.
PSA_MADE    := $(if $(wildcard $(PSA_ROOT)/core/psa_crypto_driver_wrappers.h),,$(BUILD)/made/psa_crypto_driver_wrappers.h)
else
PSA_FOLDERS := library
PSA_ROOT    := $(MBEDTLS_DIR)
endif

# Most files are empty with this configuration.
PSA_OTHERS  := x509% ssl% pkcs7% net_% debug% error% mps%
PSA_SOURCES := $(foreach folder,$(PSA_FOLDERS),$(wildcard $(PSA_ROOT)/$(folder)/*.c))
PSA_SOURCES := $(foreach source,$(PSA_SOURCES),$(if $(filter $(PSA_OTHERS),$(notdir $(source))),,$(source)))
PSA_OBJECTS := $(PSA_SOURCES:$(PSA_ROOT)/%.c=$(OBJECTS)/psa/%.o)
ifneq ($(PSA_MADE),)
PSA_OBJECTS += $(OBJECTS)/psa/made.o
endif

$(BUILD)/made/psa_crypto_driver_wrappers.h:
	@mkdir -p $(@D)
	@cd $(PSA_ROOT) && python3 scripts/generate_config_checks.py $(abspath $(@D))
	@cd $(PSA_ROOT) && python3 scripts/generate_driver_wrappers.py $(abspath $(@D))

PSA_CPPFLAGS = $(WARD_PSA_CPPFLAGS) -I$(PSA_ROOT)/include -I$(PSA_ROOT)/drivers/builtin/include \
	$(addprefix -I$(PSA_ROOT)/,$(PSA_FOLDERS)) -I$(BUILD)/made

$(OBJECTS)/psa/%.o: $(PSA_MADE) $(MADE_WITH) | setup-build
	$(call COMPILE_OTHERS,psa/$*.c,$(PSA_ROOT)/$*.c,$(PSA_CPPFLAGS))

$(OBJECTS)/psa/made.o: $(PSA_MADE)
	$(call COMPILE_OTHERS,psa_crypto_driver_wrappers_no_static.c,$(BUILD)/made/psa_crypto_driver_wrappers_no_static.c,$(PSA_CPPFLAGS))

$(PSA_LIBRARY): $(PSA_OBJECTS)
	@echo "  AR      $@"
	@rm -f $@ && $(AR) rcsD $@ $^

endif
