#include <errno.h>
#include <string.h>

#include "tool.h"
#include "ward/port/crypto.h"

/* One line of an export, and what it is compared with. */
struct check {
    const char *path;
    unsigned line;
    unsigned events;
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
static bool writes_same(const char *line, const struct ward_audit_event *event, uint8_t digest[WARD_AUDIT_DIGEST])
{
    struct ward_sha256 sha;
    char again[WARD_AUDIT_LINE];
    size_t length;
    return ward_ok(ward_audit_digest(event, &sha, digest)) &&
           ward_ok(ward_audit_json(event, digest, again, sizeof again, &length)) && strcmp(line, again) == 0;
}

static bool check_line(struct check *check, const char *line)
{
    struct ward_audit_event event;
    uint8_t packed[WARD_AUDIT_PACKED];
    uint8_t digest[WARD_AUDIT_DIGEST];
    if (!read_member(line, "\"packed\":\"", packed, sizeof packed))
        return broken(check, "this is no line of an audit");
    ward_audit_unpack(packed, &event);
    if (!read_member(line, "\"previous\":\"", event.previous, sizeof event.previous))
        return broken(check, "this is no line of an audit");
    if (!writes_same(line, &event, digest))
        return broken(check, "the event was changed: its words or its digest are not those of its bytes");
    if (check->events > 0 && event.kind != WARD_AUDIT_BOOT && event.sequence != check->sequence + 1)
        return broken(check, "events are missing before this one: its sequence does not follow");
    if (check->events > 0 && memcmp(event.previous, check->head, sizeof check->head) != 0)
        return broken(check, "the chain is broken: this event does not follow the one before");
    check->sequence = event.sequence;
    memcpy(check->head, digest, sizeof check->head);
    check->events++;
    return true;
}

static int check_file(FILE *file, struct check *check)
{
    char line[WARD_AUDIT_LINE + 2];
    while (fgets(line, (int)sizeof line, file) != NULL) {
        check->line++;
        line[strcspn(line, "\n")] = '\0';
        if (line[0] != '\0' && !check_line(check, line))
            return EXIT_REFUSED;
    }
    if (ferror(file) != 0) {
        fprintf(stderr, "ward: cannot read %s: %s\n", check->path, strerror(errno));
        return EXIT_INPUT;
    }
    return EXIT_ACCEPTED;
}

static int judge(const struct check *check, const uint8_t *anchor)
{
    if (check->events == 0) {
        fprintf(stderr, "ward: %s: it has no events\n", check->path);
        return EXIT_INPUT;
    }
    if (anchor != NULL && memcmp(anchor, check->head, sizeof check->head) != 0) {
        fprintf(stderr, "ward: %s: the last event is not the one that --head names: events are missing at the end\n", check->path);
        return EXIT_REFUSED;
    }
    printf("%u events, unbroken; head ", check->events);
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
        return wrong_usage(command, "needs 64 hexadecimal digits", "--head");
    memset(&check, 0, sizeof check);
    check.path = arguments->operand[0];
    const bool standard = strcmp(check.path, "-") == 0;
    FILE *const file = standard ? stdin : fopen(check.path, "rb");
    if (file == NULL) {
        fprintf(stderr, "ward: cannot read %s: %s\n", check.path, strerror(errno));
        return EXIT_INPUT;
    }
    const int result = check_file(file, &check);
    if (!standard)
        fclose(file);
    return result == EXIT_ACCEPTED ? judge(&check, head != NULL ? anchor : NULL) : result;
}

static const struct option options[] = {
    { "--head", "HEX", 1, "the digest that the last event must have, kept where the log cannot be changed" },
    { NULL, NULL, 0, NULL }
};

const struct command command_audit = {
    .name = "audit",
    .synopsis = "FILE [--head HEX]",
    .summary = "Checks an exported audit: nothing changed, nothing left out",
    .description = "FILE has a line of JSON for each event, as ward_audit_json() writes them; - is standard input. Exit 0: unbroken,\n"
                   "and the last event is the one that --head names. Exit 1: the message says at which line it breaks.\n",
    .options = options,
    .most_operands = 1,
    .run = run,
};
