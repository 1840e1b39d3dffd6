/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "ward/denials.h"

enum { MOST_TOKENS = 64, LONGEST_LINE = 2 * WARD_MAX_TOKEN };

/* A file of requests being run. */
struct run {
    struct setting *setting;
    const char *path;
    unsigned line;
    char name[MOST_TOKENS][32];
    char token[MOST_TOKENS][WARD_MAX_TOKEN + 64];
    size_t tokens;
    char authorization[LONGEST_LINE];
    FILE *audit;
    uint8_t head[WARD_AUDIT_DIGEST];
};

/* Four numbers from 0 to 255 with dots between. */
static bool read_ipv4(const char *text, uint8_t address[4])
{
    for (size_t i = 0; i < 4; i++) {
        char part[4] = "";
        uint64_t number;
        const size_t length = strcspn(text, ".");
        if (length >= sizeof part || (text[length] == '.') != (i < 3))
            return false;
        memcpy(part, text, length);
        if (!read_number(part, 255, &number))
            return false;
        address[i] = (uint8_t)number;
        text += length + 1;
    }
    return true;
}

bool read_peer(const char *text, struct ward_peer *peer)
{
    uint8_t ipv4[4] = { 0 };
    if (read_hex(text, strlen(text), peer->address, sizeof peer->address))
        return true;
    if (!read_ipv4(text, ipv4))
        return false;
    *peer = ward_peer_of_ipv4(ipv4);
    return true;
}

static int complain(const struct run *run, const char *what)
{
    fprintf(stderr, "ward: %s:%u: %s: see ward check --help\n", run->path, run->line, what);
    return EXIT_INPUT;
}

/* Seconds with up to three decimals, as milliseconds. */
static bool read_time(const char *word, uint64_t *milliseconds)
{
    uint64_t seconds = 0;
    uint64_t part = 0;
    char whole[32] = "";
    const size_t length = strcspn(word, ".");
    if (length >= sizeof whole)
        return false;
    memcpy(whole, word, length);
    if (!read_number(whole, (uint64_t)1 << 43, &seconds))
        return false;
    if (word[length] == '.') {
        const size_t decimals = strlen(word + length + 1);
        if (decimals > 3 || !read_number(word + length + 1, 999, &part))
            return false;
        for (size_t i = decimals; i < 3; i++)
            part *= 10;
    }
    *milliseconds = seconds * 1000 + part;
    return true;
}

static int name_token(struct run *run, const char *name, const char *token)
{
    if (name == NULL || token == NULL || strlen(name) >= sizeof run->name[0] || strlen(token) >= sizeof run->token[0])
        return complain(run, "needs: token NAME TOKEN");
    if (run->tokens == MOST_TOKENS)
        return complain(run, "too many tokens");
    strcpy(run->name[run->tokens], name);
    strcpy(run->token[run->tokens++], token);
    return EXIT_ACCEPTED;
}

static bool set_authorization(struct run *run, struct ward_request *request, const char *before, const char *value)
{
    const size_t length = strlen(before) + strlen(value);
    if (length >= sizeof run->authorization)
        return false;
    strcpy(run->authorization, before);
    strcat(run->authorization, value);
    request->authorization = run->authorization;
    request->authorization_length = length;
    if (request->authorization_count == 0)
        request->authorization_count = 1;
    return true;
}

static bool set_bearer(struct run *run, struct ward_request *request, const char *name)
{
    for (size_t i = 0; i < run->tokens; i++)
        if (strcmp(run->name[i], name) == 0)
            return set_authorization(run, request, "Bearer ", run->token[i]);
    return false;
}

static bool set_count(struct ward_request *request, const char *value)
{
    uint64_t count;
    if (!read_number(value, 255, &count))
        return false;
    request->authorization_count = (uint8_t)count;
    return true;
}

/* One of the words after a request. */
static bool set_word(struct run *run, struct ward_request *request, const char *word)
{
    if (strcmp(word, "cleartext") == 0) {
        request->protected_channel = false;
        return true;
    }
    if (strncmp(word, "bearer=", 7) == 0)
        return set_bearer(run, request, word + 7);
    if (strncmp(word, "peer=", 5) == 0)
        return read_peer(word + 5, &request->peer);
    if (strncmp(word, "count=", 6) == 0)
        return set_count(request, word + 6);
    if (strncmp(word, "origin=", 7) == 0) {
        request->origin = text_from(word + 7);
        return true;
    }
    return false;
}

static void print_answer(const struct ward_request *request, struct ward_status status,
                         const struct ward_decision *decision, const char *time, const char *method)
{
    /* A query may hold what is not for a log. */
    size_t path = 0;
    while (path < request->target.length && request->target.data[path] != '?')
        path++;
    printf("%s ", time);
    print_text(stdout, text_from(method));
    printf(" ");
    print_text(stdout, ward_text_of(request->target.data, path));
    printf(" %u %s", decision->answer.http, ward_status_name(status));
    if (decision->answer.retry_after > 0)
        printf(" retry=%u", (unsigned)decision->answer.retry_after);
    if (ward_ok(status)) {
        printf(" route=%u subject=\"", (unsigned)decision->route);
        print_text(stdout, decision->grant.claims.subject);
        printf("\"");
    }
    printf("\n");
}

static int run_request(struct run *run, uint64_t milliseconds, const char *time, const char *method, char *rest)
{
    struct ward_request request;
    struct ward_decision decision;
    char *const raw = rest != NULL ? strstr(rest, "authorization=") : NULL;
    memset(&request, 0, sizeof request);
    request.method = ward_method_of(text_from(method));
    request.protected_channel = true;
    request.now = ward_time_set(milliseconds / 1000);
    request.uptime = (uint32_t)milliseconds;
    if (raw != NULL)
        *raw = '\0';
    const char *word = strtok(rest, " \t");
    if (word == NULL)
        return complain(run, "needs: TIME METHOD TARGET");
    request.target = text_from(word);
    for (word = strtok(NULL, " \t"); word != NULL; word = strtok(NULL, " \t"))
        if (!set_word(run, &request, word))
            return complain(run, "a word is unknown or its value cannot be used");
    if (raw != NULL && !set_authorization(run, &request, "", raw + strlen("authorization=")))
        return complain(run, "authorization= is too long");
    const struct ward_status status = ward_gate_check(&run->setting->gate, &request, &run->setting->work, &decision);
    print_answer(&request, status, &decision, time, method);
    return EXIT_ACCEPTED;
}

static int change_denial(struct run *run, const struct ward_caller *caller, bool deny, const char *subject,
                         const char *until)
{
    struct setting *const setting = run->setting;
    bool was_denied;
    uint64_t issued_until = WARD_DENY_ALWAYS;
    if (subject == NULL || (until != NULL && !read_number(until, (uint64_t)1 << 53, &issued_until)))
        return complain(run, "needs: TIME deny SUBJECT [UNTIL]");
    struct ward_status status = deny ? ward_deny_subject(&setting->gate, text_from(subject), issued_until, caller,
                                                         &setting->work)
                                     : ward_undeny_subject(&setting->gate, text_from(subject), caller, &setting->work,
                                                           &was_denied);
    if (!deny && ward_ok(status) && !was_denied)
        status = ward_status_of(WARD_NO_RESULT);
    printf("%s ", deny ? "deny" : "undeny");
    print_text(stdout, text_from(subject));
    printf(" %s\n", ward_status_name(status));
    return EXIT_ACCEPTED;
}

static int run_line(struct run *run, char *line)
{
    uint64_t milliseconds;
    const char *const first = strtok(line, " \t");
    if (first == NULL || first[0] == '#')
        return EXIT_ACCEPTED;
    const char *const second = strtok(NULL, " \t");
    char *const rest = strtok(NULL, "");
    if (strcmp(first, "token") == 0)
        return name_token(run, second, rest);
    if (second == NULL || !read_time(first, &milliseconds))
        return complain(run, "needs: TIME METHOD TARGET");
    const struct ward_caller caller = { { { 0 } }, ward_time_set(milliseconds / 1000), (uint32_t)milliseconds };
    if (strcmp(second, "key-change") == 0) {
        ward_gate_forget(&run->setting->gate);
        return EXIT_ACCEPTED;
    }
    if (strcmp(second, "deny") == 0 || strcmp(second, "undeny") == 0) {
        const char *const subject = strtok(rest, " \t");
        return change_denial(run, &caller, strcmp(second, "deny") == 0, subject, strtok(NULL, " \t"));
    }
    return run_request(run, milliseconds, first, second, rest);
}

static int run_file(struct run *run, FILE *file)
{
    static char line[LONGEST_LINE];
    int result = EXIT_ACCEPTED;
    while (result == EXIT_ACCEPTED && fgets(line, (int)sizeof line, file) != NULL) {
        run->line++;
        if (strchr(line, '\n') == NULL && feof(file) == 0)
            return complain(run, "the line is too long or holds a NUL");
        line[strcspn(line, "\r\n")] = '\0';
        result = run_line(run, line);
    }
    return result;
}

/* Every event as it is written: unlike the gate's ring, a file forgets none. */
static void write_event(void *context, const struct ward_audit_event *event)
{
    struct run *const run = context;
    struct ward_sha256 sha;
    char line[WARD_AUDIT_LINE];
    size_t length;
    if (ward_ok(ward_audit_digest(event, &sha, run->head)) &&
        ward_ok(ward_audit_json(event, run->head, line, sizeof line, &length)))
        fprintf(run->audit, "%s\n", line);
}

static int begin_audit(struct run *run, const char *path, struct ward_time now)
{
    run->audit = fopen(path, "wb");
    if (run->audit != NULL && ward_ok(ward_audit_begin(&run->setting->gate.audit, NULL, 1, now, write_event, run)))
        return EXIT_ACCEPTED;
    fprintf(stderr, "ward: cannot write %s: %s\n", path, strerror(errno));
    return EXIT_INPUT;
}

/* Says the head to anchor, once the file holds all. */
static int end_audit(struct run *run, const char *path)
{
    const bool flushed = ward_ok(ward_gate_audit_flush(&run->setting->gate));
    const bool written = ferror(run->audit) == 0;
    if (fclose(run->audit) != 0 || !flushed || !written) {
        fprintf(stderr, "ward: cannot write %s: %s\n", path, strerror(errno));
        return EXIT_INPUT;
    }
    printf("audit head ");
    print_hex(stdout, run->head, sizeof run->head);
    printf("\n");
    return EXIT_ACCEPTED;
}

int check_requests(struct setting *setting, const char *path, const char *audit_path, struct ward_time now)
{
    static struct run run;
    run.setting = setting;
    run.path = path;
    FILE *const file = open_input(path);
    if (file == NULL)
        return EXIT_INPUT;
    int result = audit_path != NULL ? begin_audit(&run, audit_path, now) : EXIT_ACCEPTED;
    if (result == EXIT_ACCEPTED)
        result = run_file(&run, file);
    if (close_input(file, path) != EXIT_ACCEPTED)
        result = EXIT_INPUT;
    if (run.audit != NULL && end_audit(&run, audit_path) != EXIT_ACCEPTED)
        result = EXIT_INPUT;
    const int output = finish_output();
    return result != EXIT_ACCEPTED ? result : output;
}
