/* SPDX-License-Identifier: Apache-2.0 */
/* ward: what a platform provides, so that keys refresh themselves and survive a power cut.
 *
 * One struct of functions with a context. A member that is NULL means "this device has none": no network, no storage, no
 * clock. Every call returns soon (see each); none is made from an interrupt, and none while the gate's lock is held, but
 * for `audit`. port/service.c is what calls them; port/template answers all of them with "not provided"; PORTING.md says
 * in which order to write them and how to try each.
 */
#ifndef WARD_PORT_PLATFORM_H
#define WARD_PORT_PLATFORM_H

#include <stddef.h>
#include <stdint.h>

#include "ward/audit.h"
#include "ward/keyring.h"
#include "ward/status.h"
#include "ward/text.h"
#include "ward/time.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What fetch_read() returns beside a number of bytes. */
enum ward_fetch_state {
    WARD_FETCH_WAIT = 0,   /**< nothing has come yet: ask again later */
    WARD_FETCH_END = -1,   /**< the answer is whole; all of its body has been read */
    WARD_FETCH_BROKEN = -2 /**< it never will be; the answer's `status` says why */
};

/** A platform. The caller's, constant while it is in use; each function gets `context`. */
struct ward_platform {
    void *context;

    /**
     * The wall clock. Returns at once. `trust` is WARD_TIME_SET only for a time from a source that an attacker on the
     * network cannot choose: a clock that an operator set, authenticated NTP. Else WARD_TIME_UNKNOWN.
     * NULL: no clock; the issuer's authenticated `Date` serves instead.
     */
    struct ward_time (*clock)(void *context);

    /** Milliseconds since any point, monotonic except for wrapping around at 2^32. Returns at once. Never NULL. */
    uint32_t (*uptime)(void *context);

#if WARD_MAX_BUNDLE > 0
    /**
     * Called before fetch_begin(): the next fetch sends this as `If-None-Match` (RFC 9110, 13.1.2), and nothing where it is empty. Status 304
     * is then an answer: WARD_FETCH_END without a body. Returns at once. It stays until fetch_begin() has returned.
     * NULL: what is fetched comes whole each time; and always where `url` names a key set.
     */
    void (*fetch_unless)(void *context, struct ward_text etag);
#endif

    /**
     * Starts to GET a URL, always `https://`, but for a bundle whose configuration says `cleartext`: exactly that one,
     * no redirect followed, the server's chain *and* host name checked, the certificate's dates judged at `now`. One at
     * a time. Returns within 100 ms; connecting goes on in fetch_read(). NULL: no network.
     *
     * @param url  stays until fetch_end()
     * @param now  seconds since 1970; where the clock is not set the latest time that is certainly past
     *
     * @retval WARD_OK                   started; fetch_end() will be called
     * @retval WARD_FETCH_URL            not a URL that this platform can fetch; fetch_end() is not called
     * @retval WARD_FETCH_IPV6           its host is an IPv6 address, and this platform has IPv4 alone; likewise
     * @retval WARD_FETCH_UNREACHABLE    no network now; likewise
     * @retval WARD_FETCH_MEMORY         none to start with; likewise
     */
    struct ward_status (*fetch_begin)(void *context, struct ward_text url, uint64_t now);

    /**
     * The next bytes of the body, decoded from any transfer coding. Returns within 100 ms. The platform has time-outs
     * of its own for connecting (about 10 s) and for the whole answer (about 30 s) and ends with WARD_FETCH_BROKEN
     * then; also for each HTTP status but 200 (and 304 where fetch_unless() had something to say), and where the body
     * is longer than it said, shorter, or above the platform's cap.
     *
     * @param size  of buffer, at least 1
     *
     * @return more than 0: that many bytes are in buffer; 0: nothing yet (WARD_FETCH_WAIT), call again; or
     *         WARD_FETCH_END, WARD_FETCH_BROKEN, and the same again if it is called once more
     */
    int32_t (*fetch_read)(void *context, char *buffer, size_t size);

    /**
     * Ends the fetch, whether it was whole, broken or is given up, and frees what it held. Returns within 100 ms.
     *
     * A fetch that failed has one reason a cause, the same on every platform, since an operator acts on it. Before the
     * connection: WARD_FETCH_NAME, WARD_FETCH_REFUSED, else WARD_FETCH_UNREACHABLE. In TLS: WARD_FETCH_NOTHING_SHARED,
     * WARD_FETCH_CERTIFICATE_UNREADABLE, WARD_FETCH_CERTIFICATE, WARD_FETCH_HOST (only where the chain is good),
     * WARD_FETCH_ALERT. In the answer: WARD_FETCH_HTTP_STATUS, WARD_FETCH_CODING, WARD_FETCH_TOO_LONG. Anywhere:
     * WARD_FETCH_MEMORY, before any of these where memory was refused; WARD_FETCH_TIMED_OUT, WARD_FETCH_CUT_OFF, and
     * WARD_FETCH_PROTOCOL for what is neither TLS nor HTTP. tests/support/causes.py is a server for each.
     *
     * @param answer  written: what is known by now. `status` is WARD_OK only after WARD_FETCH_END; its `date` is `Date`
     *                alone, `aged` says that there is an `Age` besides, `valid_from` and `valid_until` are of the server's certificate
     */
    void (*fetch_end)(void *context, struct ward_fetch_answer *answer);

    /**
     * Reads a part of a record slot: `read` of struct ward_record_slots (ward/record.h), which says all that it has to hold.
     * NULL: no storage.
     */
    size_t (*record_read)(void *context, unsigned slot, size_t offset, void *data, size_t size);

    /** Replaces what a slot holds, piece by piece: `write` of struct ward_record_slots. NULL: nothing is ever stored. */
    struct ward_status (*record_write)(void *context, unsigned slot, size_t offset, const void *data, size_t size);

    /** Takes each event of the audit as it is written; the gate's lock is held. Returns within 1 ms. NULL: the ring is all there is. */
    ward_audit_sink *audit;

    /**
     * Fills memory with random bytes from a hardware source. ward itself only spreads its fetches with them; TLS depends on
     * them. Returns within 100 ms.
     * NULL: no source; fetches are then spread by what the firmware gave as seed.
     *
     * @retval WARD_OK
     * @retval WARD_ENTROPY_MISSING  not now; what was written must not be used
     */
    struct ward_status (*entropy)(void *context, void *data, size_t length);
};

#ifdef __cplusplus
}
#endif

#endif
