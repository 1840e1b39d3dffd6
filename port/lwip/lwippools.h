/* SPDX-License-Identifier: Apache-2.0 */
/* What lwIP would take from a heap: segments on their way out, DHCP's and DNS's messages. No include guard: lwIP reads it several times. */
LWIP_MALLOC_MEMPOOL_START
LWIP_MALLOC_MEMPOOL(12, 128)
LWIP_MALLOC_MEMPOOL(4, 640)
LWIP_MALLOC_MEMPOOL(4, 1568)
LWIP_MALLOC_MEMPOOL_END
