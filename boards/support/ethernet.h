/* SPDX-License-Identifier: Apache-2.0 */
/* An Ethernet interface of a board: frames in and out. The interrupt only wakes the processor; frames wait in the device. */
#ifndef WARD_ETHERNET_H
#define WARD_ETHERNET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Longest frame, bytes, without the check sequence. */
#define ETHERNET_FRAME 1514

/** Starts the device and reads its address; false if it is not there. */
bool ethernet_begin(uint8_t address[6]);

/** The next frame that has come, copied into memory of ETHERNET_FRAME bytes: its length, 0 if there is none. Damaged ones are skipped. */
size_t ethernet_receive(uint8_t *frame);

/** Sends a frame of at most ETHERNET_FRAME bytes; false if the device has no room for it now. */
bool ethernet_send(const uint8_t *frame, size_t length);

/** Whether a frame waits. */
bool ethernet_waiting(void);

/** Whether the cable carries. */
bool ethernet_link(void);

#endif
