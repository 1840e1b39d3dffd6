/* SPDX-License-Identifier: Apache-2.0 */
#include "port/lwip/received.h"

/* Buffers beyond those that the bytes need: copied before there are more. */
enum { SPARE = 3 };

/* One byte a segment would cost a buffer a byte: all buffers for a fifth of a window. */
static void pack(struct pbuf **kept)
{
    struct pbuf *const packed = pbuf_alloc(PBUF_RAW, (*kept)->tot_len, PBUF_POOL);
    if (packed == NULL)
        return;
    (void)pbuf_copy(packed, *kept);
    pbuf_free(*kept);
    *kept = packed;
}

void ward_lwip_received_keep(struct pbuf **kept, struct pbuf *data)
{
    if (*kept == NULL)
        *kept = data;
    else
        pbuf_cat(*kept, data);
    if (pbuf_clen(*kept) > (*kept)->tot_len / PBUF_POOL_BUFSIZE + SPARE)
        pack(kept);
}
