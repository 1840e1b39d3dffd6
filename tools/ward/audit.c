/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "audit.h"
#include "tool.h"

static bool check_lines(FILE *file, struct audit_chain *chain)
{
    char line[WARD_AUDIT_LINE];
    size_t length;
    bool good;
    while (audit_read_line(file, chain, line, &length, &good)) {
        struct ward_audit_event event;
        uint8_t digest[WARD_AUDIT_DIGEST];
        if (length == 0)
            continue;
        if (!audit_read_event(chain, line, length, &event, digest) || !audit_take(chain, &event, digest))
            return false;
    }
    return good;
}

/* ---- What is told of a record that is whole. */

/* Such as `2 events, lines 6 to 7 (numbers 6 to 7)`. */
static void print_left_behind(const struct audit_fork *fork)
{
    if (fork->count == 1)
        printf("1 event, line %u (number %u), is", fork->first.line, fork->first.number);
    else
        printf("%u events, lines %u to %u (numbers %u to %u), are", fork->count, fork->first.line, fork->last.line,
               fork->first.number, fork->last.number);
}

static void print_fork(const struct audit_fork *fork)
{
    printf("line %u: this boot follows ", fork->boot.line);
    if (fork->after.line > 0)
        printf("line %u (number %u)", fork->after.line, fork->after.number);
    else
        printf("what came before the first line");
    printf(", the last that the device had stored; ");
    print_left_behind(fork);
    printf(" left behind: whole, but no later event vouches for %s, and what came after line %u is not known\n",
           fork->count == 1 ? "it" : "them", fork->last.line);
}

static void print_start(const struct audit_chain *chain)
{
    if (chain->from != NULL)
        printf("it starts after its anchor\n");
    else if (chain->from_start)
        printf("it starts with a device that had stored nothing\n");
    else
        printf("it starts in the middle: what came before number %u is not known; --from says what it must follow\n",
               chain->first.number);
}

/* What a device had not stored when its power failed is in no later event: who takes it out of the log leaves no trace. */
static void print_boots(const struct audit_chain *chain)
{
    if (chain->boots > 0)
        printf(
            "boots after the first event: %u, the last in line %u: what came before a boot and was not stored may be "
            "missing, and nothing vouches for it\n",
            chain->boots, chain->boot);
}

static void print_end(const struct audit_chain *chain, const uint8_t *anchor)
{
    const struct audit_place *const last = &chain->anchored[chain->anchored_count - 1];
    if (anchor != NULL)
        printf("it ends with its anchor\n");
    else
        printf("what came after number %u is not known; --head says with what it must end\n", last->number);
}

static void print_summary(const struct audit_chain *chain, const uint8_t *anchor)
{
    for (size_t i = 0; i < chain->fork_count; i++)
        print_fork(&chain->forks[i]);
    printf("%u events from number %u on, ", chain->events, chain->first.number);
    if (chain->gaps > 0)
        printf("gaps: %u", chain->gaps);
    else
        printf("unbroken");
    if (chain->left_behind > 0)
        printf(", left behind: %u", chain->left_behind);
    if (chain->skipped > 0)
        printf(", never written: %u", chain->skipped);
    printf("; head ");
    print_hex(stdout, audit_head(chain), WARD_AUDIT_DIGEST);
    printf("%s\n", anchor != NULL ? ", as anchored" : "");
    print_start(chain);
    print_boots(chain);
    print_end(chain, anchor);
}

/* The line of this digest, where it is the last of what a boot has left behind; 0: it is not. */
static unsigned find_left_behind(const struct audit_chain *chain, const uint8_t *anchor)
{
    for (size_t i = 0; i < chain->fork_count; i++)
        if (memcmp(anchor, chain->forks[i].last.digest, WARD_AUDIT_DIGEST) == 0)
            return chain->forks[i].last.line;
    return 0;
}

/* The end is not where its anchor is: was it cut off, or did the log go on? */
static int refuse_end(const struct audit_chain *chain, const uint8_t *anchor)
{
    size_t at = chain->anchored_count;
    while (at > 0 && memcmp(anchor, chain->anchored[at - 1].digest, WARD_AUDIT_DIGEST) != 0)
        at--;
    const unsigned behind = find_left_behind(chain, anchor);
    if (behind > 0)
        fprintf(stderr,
                "ward: %s: --head names line %u, which a later boot has left behind: give the newest head, or the log "
                "up to "
                "there\n",
                chain->path, behind);
    else if (at > 0)
        fprintf(stderr,
                "ward: %s: --head names line %u, and the log goes on after it: give the newest head, or the log up to "
                "there\n",
                chain->path, chain->anchored[at - 1].line);
    else
        fprintf(stderr, "ward: %s: the last event is not the one that --head names: events are missing at the end\n",
                chain->path);
    return EXIT_REFUSED;
}

static int judge(const struct audit_chain *chain, const uint8_t *anchor)
{
    if (chain->events == 0) {
        fprintf(stderr, "ward: %s: it has no events: export them with ward_audit_json()\n", chain->path);
        return EXIT_INPUT;
    }
    if (anchor != NULL && memcmp(anchor, audit_head(chain), WARD_AUDIT_DIGEST) != 0)
        return refuse_end(chain, anchor);
    print_summary(chain, anchor);
    return finish_output();
}

/* ---- The command. */

/* An anchor from the command line: *anchor becomes its bytes, or NULL where the option was not given. */
static bool read_anchor(const struct command *command, const struct arguments *arguments, const char *name,
                        uint8_t bytes[WARD_AUDIT_DIGEST], const uint8_t **anchor)
{
    const char *const value = option_value(command, arguments, name);
    *anchor = value != NULL ? bytes : NULL;
    return value == NULL || read_hex(value, strlen(value), bytes, WARD_AUDIT_DIGEST);
}

static int check_file(struct audit_chain *chain, const uint8_t *anchor)
{
    FILE *const file = open_input(chain->path);
    if (file == NULL)
        return EXIT_INPUT;
    const bool whole = check_lines(file, chain);
    if (close_input(file, chain->path) != EXIT_ACCEPTED)
        return EXIT_INPUT;
    return whole ? judge(chain, anchor) : EXIT_REFUSED;
}

static int run(const struct command *command, const struct arguments *arguments)
{
    static const char *const rule = "needs 64 hexadecimal digits in small letters";
    struct audit_chain chain;
    uint8_t first[WARD_AUDIT_DIGEST];
    uint8_t last[WARD_AUDIT_DIGEST];
    const uint8_t *anchor;
    memset(&chain, 0, sizeof chain);
    if (arguments->operands == 0)
        return wrong_usage(command, "FILE is missing", NULL);
    if (!read_anchor(command, arguments, "--from", first, &chain.from))
        return wrong_usage(command, rule, "--from");
    if (!read_anchor(command, arguments, "--head", last, &anchor))
        return wrong_usage(command, rule, "--head");
    chain.path = arguments->operand[0];
    chain.allow_gaps = option_count(command, arguments, "--gaps") > 0;
    const int result = check_file(&chain, anchor);
    audit_free(&chain);
    return result;
}

static const struct option options[] = {
    { "--from", "HEX", 1,
      "the digest that the first event must follow: the head of what was checked before; 64 zeros: nothing" },
    { "--head", "HEX", 1, "the digest that the last event must have, kept where the log cannot be changed" },
    { "--gaps", NULL, 1, "events may be missing in between, as in a device's ring; they are counted" },
    { NULL, NULL, 0, NULL }
};

const struct command command_audit = {
    .name = "audit",
    .synopsis = "FILE [--from HEX] [--head HEX] [--gaps]",
    .summary = "Checks an exported audit: nothing changed, nothing left out",
    .description =
        "FILE has a line of JSON for each event, as ward_audit_json() writes them; - is standard input. Exit 0: "
        "unbroken\n"
        "between the events that --from and --head name. Exit 1: the message says at which line it breaks.\n\n"
        "A boot follows the last event whose digest the device had stored. Where its power failed before it stored "
        "more, the\n"
        "boot follows an earlier event than the one before it: then the events between are named. They are whole and "
        "in\n"
        "order, but nothing that came later vouches for them, and nobody knows what came after them. Nor is it seen\n"
        "when they are taken out: before each boot events may be missing, unless a --head was kept of them.\n\n"
        "A chain has no secret: whoever can change the log can make a new chain. So keep the head that this prints,\n"
        "or a device says, elsewhere and give it as --head next time, and as --from for what comes after it. Without\n"
        "--from and --head events may be missing at that end, and it says so.\n",
    .options = options,
    .most_operands = 1,
    .run = run,
};
