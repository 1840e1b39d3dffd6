/* SPDX-License-Identifier: Apache-2.0 */
/* ward: the loop that serves a keyring, on any platform. */
#ifndef WARD_PORT_SERVICE_H
#define WARD_PORT_SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ward/access.h"
#include "ward/bundle.h"
#include "ward/keyring.h"
#include "ward/port/platform.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A service. The caller's; private. */
struct ward_service {
    const struct ward_platform *platform;
    struct ward_keyring *keyring;
    struct ward_gate *gate;
    struct ward_workspace *work;
    struct ward_record *record;
    struct ward_record_slots slots;
    struct ward_status opened;
    struct ward_status fetched;
    struct ward_status fed;
    struct ward_status stored;
    struct ward_fetch_answer answer;
    bool fetching;
};

/**
 * Starts a keyring with what the platform has stored. The first call of the two objects; before ward_gate_begin_with(), which takes over the
 * deny list and the audit's head.
 *
 * @param platform  must stay
 * @param keyring   begun here
 * @param config    must stay
 * @param seed      spreads the fetches of many devices where the platform has no entropy: a serial number
 * @param work      scratch; a task's own, or shared with the checks of the same task
 * @param record    memory for a record that is to be stored
 *
 * @retval WARD_OK              also where nothing was stored, one slot of two is damaged or stored keys do not fit: the audit tells
 * @retval WARD_NOT_PROVIDED    the platform has no uptime(); nothing was started
 * @retval WARD_KEYRING_…       the configuration's field of that name breaks its rule; nothing was started
 * @retval WARD_RECORD_INVALID  both slots are damaged: keys, deny list, floor and boot count are lost. All is started, and a firmware that goes
 *                              on is a new device: who was denied is served again. One that cannot have that stops here
 * @retval WARD_RECORD_NEWER, WARD_RECORD_UNREADABLE  all is started, but the gate of this keyring will grant nobody and nothing will be
 *                              stored: what the slots hold stays for a build, or a start, that can read it
 * @retval WARD_CRYPTO_FAILED   likewise, or (ward_gate_closed() tells) only stored keys could not be prepared
 */
WARD_MUST_USE struct ward_status ward_service_begin(struct ward_service *service, const struct ward_platform *platform,
                                                    struct ward_keyring *keyring,
                                                    const struct ward_keyring_config *config, uint32_t seed,
                                                    struct ward_workspace *work, struct ward_record *record);

/**
 * From now on the records hold the gate's deny list and audit head, and its audit tells what becomes of the keys. Nothing is stored before
 * this call: a record without its gate would have forgotten who is denied.
 *
 * @param gate  NULL: this device has none. What a record holds of one stays in it
 */
void ward_service_gate(struct ward_service *service, struct ward_gate *gate);

/**
 * Does what is to be done now, in one short step: reads what has come of a fetch, starts one, stores a record. Call it from the main
 * loop or a task of its own. It takes as long as the platform's slowest call, and where a key of a set is complete as long as
 * preparing it (about half of an RSA check).
 *
 * @return milliseconds after which to call it again at the latest; 0: at once. Sooner does no harm; after an unknown `kid` it is
 *         sooner that keys come
 */
uint32_t ward_service_run(struct ward_service *service);

/**
 * What came of the last fetch, for a page of the device's state. `status` is what it came to in the end, that of its body included;
 * WARD_NO_RESULT: none has ended yet.
 */
struct ward_fetch_answer ward_service_fetched(const struct ward_service *service);

/** The best time that is known now: what to give to a gate. */
struct ward_time ward_service_time(const struct ward_service *service);

/**
 * Checks crypto and platform on the device: a known digest, a good and a bad signature, the clock, the uptime, the entropy source,
 * which functions are there. Writes nothing and fetches nothing. Once at start, and in the factory.
 *
 * @param platform    may be NULL: crypto only
 * @param build_time  no clock that is set can be before it
 *
 * @retval WARD_OK
 * @retval WARD_SELFTEST_…  what is wrong; ward_status_sentence() says it
 */
WARD_MUST_USE struct ward_status ward_selftest(const struct ward_platform *platform, uint64_t build_time,
                                               struct ward_workspace *work);

#ifdef __cplusplus
}
#endif

/* The link check: see config.h. */
#ifndef WARD_LIBRARY
#define ward_service_begin(...) WARD_CHECKED(WARD_GATE_LIMITS, ward_service_begin(__VA_ARGS__))
#define ward_selftest(...) WARD_CHECKED(WARD_LIMITS, ward_selftest(__VA_ARGS__))
#endif

#endif
