# SPDX-License-Identifier: Apache-2.0
# A device on port/posix, for tests/support/posix_device.py.

$(BUILD)/device: $(OBJECTS)/tests/posix/device.o $(POSIX_OBJECTS) $(OBJECTS)/port/service.o $(BUILD)/libward.a
	@echo "  LD      $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@ $(POSIX_LIBS)

$(OBJECTS)/tests/posix/device.o: TEST_CPPFLAGS += -D_DEFAULT_SOURCE
