/* SPDX-License-Identifier: Apache-2.0 */
/* The same with a sentence for each result, which an operator reads: they are words, and take flash. */
#define SIZE_SENTENCES 1
#include "gate.c"
