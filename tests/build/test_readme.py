# SPDX-License-Identifier: Apache-2.0
"""The examples of the README, as they stand there."""
import subprocess

import tokens
from compiling import FOLDER, INCLUDE, LIBRARY, ROOT, compiles, example, grants_and_refuses, run, write_smallest


def test_the_smallest_example_of_the_readme_compiles_and_works():
    assert len(example("smallest").splitlines()) <= 16
    files = write_smallest(FOLDER / "smallest")
    compiles(run("gcc", "-std=c99", "-Wall", "-Wextra", "-Werror", *INCLUDE, *files, LIBRARY, "-o", "ask", folder=FOLDER / "smallest"))
    grants_and_refuses(FOLDER / "smallest" / "ask")


def test_the_example_of_the_readme_compiles_and_works():
    (FOLDER / "example.c").write_text(example())
    (FOLDER / "jwks.json").write_text(tokens.jwks("a"))
    ward = ROOT / "build" / "host" / "ward"
    keys = subprocess.run([ward, "provision", FOLDER / "jwks.json", "--c", "issuer_keys"], check=True, capture_output=True)
    (FOLDER / "keys.c").write_bytes(keys.stdout)
    (FOLDER / "try.c").write_text("""
        #include <stdlib.h>
        #include <string.h>
        #include "ward/ward.h"
        struct conn { uint16_t method; struct ward_text uri; char *auth; size_t auth_length; uint8_t auths; struct ward_peer peer; bool tls; };
        struct ward_status begin(void);
        void on_request(struct conn *c);
        static uint64_t now;
        static int served = 1;
        struct ward_time board_time(void) { return ward_time_set(now); }
        uint32_t board_uptime(void) { return 1; }
        void serve(struct conn *c, size_t route, const struct ward_grant *grant)
        {
            served = route == 1 && c->method == WARD_POST && grant->claims.subject.length > 0 ? 0 : 2;
        }
        void refuse(struct conn *c, const struct ward_answer *answer) { (void)c; served = answer->http; }
        int main(int argc, char **argv)
        {
            struct conn c = { WARD_POST, WARD_TEXT("/led"), NULL, 0, 1, { { 0 } }, argc < 4 };
            now = argc >= 3 ? strtoull(argv[2], NULL, 10) : 0;
            c.auth = argv[1];
            c.auth_length = strlen(argv[1]);
            if (!ward_ok(begin()))
                return 3;
            on_request(&c);
            return served == 401 ? 41 : served == 403 ? 43 : served;
        }""")
    compiles(subprocess.run(["gcc", "-std=c99", "-Wall", "-Wextra", "-Werror", *INCLUDE, FOLDER / "example.c", FOLDER / "keys.c",
                             FOLDER / "try.c", LIBRARY, "-o", FOLDER / "try"], capture_output=True, text=True))
    good = "Bearer " + tokens.token(tokens.payload(scope="write:led"))
    assert subprocess.run([FOLDER / "try", good, str(tokens.NOW)]).returncode == 0
    # Over plain HTTP the example lets nobody in.
    assert subprocess.run([FOLDER / "try", good, str(tokens.NOW), "plain"]).returncode == 43
    assert subprocess.run([FOLDER / "try", good, str(tokens.NOW + 100000)]).returncode == 41
    assert subprocess.run([FOLDER / "try", "Bearer " + tokens.token(tokens.payload(scope="x")), str(tokens.NOW)]).returncode == 43
