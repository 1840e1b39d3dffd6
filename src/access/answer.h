/* SPDX-License-Identifier: Apache-2.0 */
/* Which answer a result has: the table of DESIGN's section on the gate. */
#ifndef WARD_ACCESS_ANSWER_H
#define WARD_ACCESS_ANSWER_H

#include "ward/access.h"

/** Sets http and error of an answer from a result; the rest stays. */
void ward_answer_set(struct ward_answer *answer, struct ward_status status);

#endif
