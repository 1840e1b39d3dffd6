# SPDX-License-Identifier: Apache-2.0
"""The peer of a socket's address, with the sockets of this machine and of lwIP."""
import subprocess

from compiling import DEPS, FOLDER, LIBRARY, ROOT, compile_text, compiles

SOCKADDR = """
#include "ward/port/sockaddr.h"
struct ward_peer ask(const struct sockaddr_in *address, int socket);
struct ward_peer ask(const struct sockaddr_in *address, int socket)
{
    struct sockaddr_in own;
    socklen_t length = sizeof own;
    if (address == NULL && getpeername(socket, (struct sockaddr *)&own, &length) == 0)
        return ward_peer_of_sockaddr(&own);
    return ward_peer_of_sockaddr(address);
}
"""
SOCKETS = "#include <sys/socket.h>\n#include <netinet/in.h>\n#include <arpa/inet.h>\n"


def test_the_peer_of_a_sockaddr_is_that_of_its_address():
    """By the sockets of this machine, over both families, at any place in memory."""
    text = SOCKETS + "#include <stdio.h>" + SOCKADDR + """
        int main(int argc, char **argv)
        {
            char memory[sizeof(struct sockaddr_in6) + 1];
            struct sockaddr_in ipv4 = { .sin_family = AF_INET };
            struct sockaddr_in6 ipv6 = { .sin6_family = AF_INET6 };
            const void *any = memory + 1;
            if (argc == 2 && inet_pton(AF_INET, argv[1], &ipv4.sin_addr) == 1)
                memcpy(memory + 1, &ipv4, sizeof ipv4);
            else if (argc == 2 && inet_pton(AF_INET6, argv[1], &ipv6.sin6_addr) == 1)
                memcpy(memory + 1, &ipv6, sizeof ipv6);
            else
                return 1;
            const struct ward_peer peer = ward_peer_of_sockaddr(any);
            for (unsigned i = 0; i < 16; i++)
                printf("%02x", peer.address[i]);
            return memcmp(ask(&ipv4, 0).address + 12, &ipv4.sin_addr, 4) != 0;
        }"""
    for compiler in ("gcc", "clang"):
        compiles(compile_text(text, "-std=c11", "-O2", "-Wall", "-Wextra", "-Wconversion", "-Wundef", "-Werror", "-Wl,-u,ward_peer_of_ipv4", LIBRARY,
                              "-o", str(FOLDER / "peer"), compiler=compiler))
        for address, peer in (("192.0.2.1", "0" * 20 + "ffffc0000201"), ("::ffff:192.0.2.1", "0" * 20 + "ffffc0000201"),
                              ("2001:db8:1:2:3:4:5:6", "20010db800010002" + "0" * 16), ("::1", "0" * 31 + "1"), ("0.0.0.0", "0" * 32)):
            shown = subprocess.run([FOLDER / "peer", address], capture_output=True, text=True)
            assert (shown.returncode, shown.stdout) == (0, peer), (compiler, address, shown)


def test_the_peer_of_a_sockaddr_compiles_with_sockets_of_lwip():
    (FOLDER / "lwipopts.h").write_text("#define NO_SYS 0\n#define LWIP_SOCKET 1\n#define LWIP_TIMEVAL_PRIVATE 0\n")
    lwip = ["-isystem", DEPS["LWIP_DIR"] + "/src/include", "-I", str(FOLDER), "-I", str(ROOT / "port/lwip"), "-fsyntax-only"]
    for both in (0, 1):
        compiles(compile_text('#include <sys/time.h>\n#include "lwip/sockets.h"\n' + SOCKADDR.replace("getpeername", "lwip_getpeername"),
                              f"-DLWIP_IPV6={both}", "-Wall", "-Wextra", "-Wundef", "-Werror", *lwip))


def test_who_includes_sockets_too_late_is_told():
    result = compile_text('#include "ward/port/sockaddr.h"\n' + SOCKETS + SOCKADDR, "-fsyntax-only", "-Werror")
    assert result.returncode != 0 and "include_the_header_of_your_sockets_before" in result.stderr, result.stderr
