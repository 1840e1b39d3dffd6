#include <string.h>

#include "tool.h"
#include "ward/port/crypto.h"

/* How far a check has come: what the next event must follow. */
struct check {
    const char *path;
    bool allow_gaps;
    unsigned line;
    unsigned events;
    unsigned gaps;
    uint32_t first;
    uint32_t sequence;
    uint8_t head[WARD_AUDIT_DIGEST];
};

static int hex_digit(char c)
{
    const char *const digits = "0123456789abcdef";
    const char *const found = c != '\0' ? strchr(digits, c) : NULL;
    return found != NULL ? (int)(found - digits) : -1;
}

bool read_hex(const char *text, size_t length, uint8_t *bytes, size_t count)
{
    if (length != 2 * count)
        return false;
    for (size_t i = 0; i < count; i++) {
        const int high = hex_digit(text[2 * i]);
        const int low = hex_digit(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        bytes[i] = (uint8_t)(high * 16 + low);
    }
    return true;
}

/* The bytes of a member whose value is hexadecimal. */
static bool read_member(const char *line, const char *name, uint8_t *bytes, size_t count)
{
    const char *const at = strstr(line, name);
    if (at == NULL)
        return false;
    const char *const value = at + strlen(name);
    const char *const end = strchr(value, '"');
    return end != NULL && read_hex(value, (size_t)(end - value), bytes, count);
}

static bool broken(const struct check *check, const char *what)
{
    fprintf(stderr, "ward: %s:%u: %s\n", check->path, check->line, what);
    return false;
}

/*
 * A line is read by its last members only, and then written anew from them: unless that gives the same line, byte for byte,
 * somebody has changed what a person reads.
 */
static bool read_event(const struct check *check, const char *line, struct ward_audit_event *event,
                       uint8_t digest[WARD_AUDIT_DIGEST])
{
    struct ward_sha256 sha;
    uint8_t packed[WARD_AUDIT_PACKED];
    char again[WARD_AUDIT_LINE];
    size_t length;
    if (!read_member(line, "\"packed\":\"", packed, sizeof packed))
        return broken(check, "this is no line of an audit");
    ward_audit_unpack(packed, event);
    if (!read_member(line, "\"previous\":\"", event->previous, sizeof event->previous))
        return broken(check, "this is no line of an audit");
    if (!ward_ok(ward_audit_digest(event, &sha, digest)) ||
        !ward_ok(ward_audit_json(event, digest, again, sizeof again, &length)) || strcmp(line, again) != 0)
        return broken(check, "the event was changed: its words or its digest are not those of its bytes");
    return true;
}

/* A boot begins to count anew, but its event is bound to the one before all the same. */
static bool follows(struct check *check, const struct ward_audit_event *event)
{
    const bool boot = event->kind == WARD_AUDIT_BOOT;
    const bool bound = memcmp(event->previous, check->head, sizeof check->head) == 0;
    if (!boot && event->sequence <= check->sequence)
        return broken(check, "the events are out of order: its sequence is not above that of the one before");
    if (check->allow_gaps && !bound && (boot || event->sequence > check->sequence + 1)) {
        check->gaps++;
        return true;
    }
    if (!boot && event->sequence != check->sequence + 1)
        return broken(check, "events are missing before this one: its sequence does not follow; --gaps allows that");
    return bound || broken(check, "the chain is broken: this event does not follow the one before");
}

static bool check_line(struct check *check, const char *line)
{
    struct ward_audit_event event;
    uint8_t digest[WARD_AUDIT_DIGEST];
    if (!read_event(check, line, &event, digest) || (check->events > 0 && !follows(check, &event)))
        return false;
    if (check->events++ == 0)
        check->first = event.sequence;
    check->sequence = event.sequence;
    memcpy(check->head, digest, sizeof check->head);
    return true;
}

/* A line that is longer than any event's comes in pieces, which are no lines of an audit. */
static bool check_lines(FILE *file, struct check *check)
{
    char line[WARD_AUDIT_LINE + 2];
    while (fgets(line, (int)sizeof line, file) != NULL) {
        check->line++;
        line[strcspn(line, "\r\n")] = '\0';
        if (line[0] != '\0' && !check_line(check, line))
            return false;
    }
    return true;
}

static int judge(const struct check *check, const uint8_t *anchor)
{
    if (check->events == 0) {
        fprintf(stderr, "ward: %s: it has no events: export them with ward_audit_json()\n", check->path);
        return EXIT_INPUT;
    }
    if (anchor != NULL && memcmp(anchor, check->head, sizeof check->head) != 0) {
        fprintf(stderr, "ward: %s: the last event is not the one that --head names: events are missing at the end\n", check->path);
        return EXIT_REFUSED;
    }
    printf("%u events from number %u on, ", check->events, (unsigned)check->first);
    if (check->gaps > 0)
        printf("gaps: %u", check->gaps);
    else
        printf("unbroken");
    printf("; head ");
    print_hex(stdout, check->head, sizeof check->head);
    printf("%s\n", anchor != NULL ? ", as anchored" : "");
    return finish_output();
}

static int run(const struct command *command, const struct arguments *arguments)
{
    struct check check;
    uint8_t anchor[WARD_AUDIT_DIGEST];
    const char *const head = option_value(command, arguments, "--head");
    if (arguments->operands == 0)
        return wrong_usage(command, "FILE is missing", NULL);
    if (head != NULL && !read_hex(head, strlen(head), anchor, sizeof anchor))
        return wrong_usage(command, "needs 64 hexadecimal digits in small letters", "--head");
    memset(&check, 0, sizeof check);
    check.path = arguments->operand[0];
    check.allow_gaps = option_count(command, arguments, "--gaps") > 0;
    FILE *const file = open_input(check.path);
    if (file == NULL)
        return EXIT_INPUT;
    const bool whole = check_lines(file, &check);
    if (close_input(file, check.path) != EXIT_ACCEPTED)
        return EXIT_INPUT;
    return whole ? judge(&check, head != NULL ? anchor : NULL) : EXIT_REFUSED;
}

static const struct option options[] = {
    { "--head", "HEX", 1, "the digest that the last event must have, kept where the log cannot be changed" },
    { "--gaps", NULL, 1, "events may be missing in between, as in a device's ring; they are counted" },
    { NULL, NULL, 0, NULL }
};

const struct command command_audit = {
    .name = "audit",
    .synopsis = "FILE [--head HEX] [--gaps]",
    .summary = "Checks an exported audit: nothing changed, nothing left out",
    .description = "FILE has a line of JSON for each event, as ward_audit_json() writes them; - is standard input. Exit 0: unbroken,\n"
                   "and the last event is the one that --head names. Exit 1: the message says at which line it breaks.\n\n"
                   "A chain has no secret: whoever can change the log can make a new chain. So keep the head that this prints,\n"
                   "or a device says, elsewhere and give it as --head next time.\n",
    .options = options,
    .most_operands = 1,
    .run = run,
};
