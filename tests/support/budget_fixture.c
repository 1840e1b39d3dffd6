/* SPDX-License-Identifier: Apache-2.0 */
#include "budget_fixture.h"

struct test_token budget_token;

void budget_begin(void)
{
    crypto_fail_at(0, 0);
    gate_start(&usual_policy);
}

void budget_make_numbered(unsigned number)
{
    char subject[] = "auth0|000";
    subject[6] = (char)('0' + number / 100 % 10);
    subject[7] = (char)('0' + number / 10 % 10);
    subject[8] = (char)('0' + number % 10);
    token_make_of(&budget_token, subject);
}

enum ward_code budget_forged(unsigned number)
{
    static struct test_token forgery;
    token_forge(&forgery, number);
    return (enum ward_code)ask(&forgery, NULL).code;
}

unsigned budget_forge_all(void)
{
    unsigned count = 0;
    while (count < 100 && budget_forged(count) == WARD_SIGNATURE_INVALID)
        count++;
    return count;
}
