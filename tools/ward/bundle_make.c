/* SPDX-License-Identifier: Apache-2.0 */
#include "bundle.h"

#include <string.h>
#include <time.h>

#include "json_writer.h"
#include "port/posix/sign.h"
#include "token_view.h"

enum { A_WEEK = 604800 };

static const uint64_t last_sequence = 9007199254740992u;

/* ---- Base64url, and JSON in memory. */

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* Appends as far as there is room; one byte more than a bundle may have says that there was none. */
static void put(struct bundle_text *out, char c)
{
    if (out->length <= LONGEST_BUNDLE)
        out->data[out->length++] = c;
}

static void put_base64url(struct bundle_text *out, const void *data, size_t length)
{
    const uint8_t *const bytes = data;
    uint32_t held = 0;
    unsigned bits = 0;
    for (size_t i = 0; i < length; i++) {
        held = held << 8 | bytes[i];
        for (bits += 8; bits >= 6; bits -= 6)
            put(out, alphabet[held >> (bits - 6) & 63u]);
    }
    if (bits > 0)
        put(out, alphabet[held << (6 - bits) & 63u]);
}

/* A number as base64url in JSON. */
static void write_number(struct json_writer *writer, const char *name, const uint8_t *bytes, size_t length)
{
    static struct bundle_text text;
    text.length = 0;
    put_base64url(&text, bytes, length);
    json_text(writer, name, ward_text_of(text.data, text.length));
}

static void write_seconds(struct json_writer *writer, const char *name, uint64_t seconds)
{
    char digits[24];
    (void)snprintf(digits, sizeof digits, "%llu", (unsigned long long)seconds);
    json_raw(writer, name, text_from(digits));
}

/* ---- What a bundle says. */

struct making {
    struct bundle_device device;
    struct ward_jwks keys;
    struct ward_text kid;
    uint64_t seq;
    uint64_t iat;
    uint64_t lifetime;
    struct bundle_text deny;
};

static void write_key(struct json_writer *writer, struct ward_text kid, const uint8_t *modulus, size_t length)
{
    static const uint8_t exponent[] = { 1, 0, 1 };
    json_object(writer, NULL);
    json_words(writer, "kty", "RSA");
    json_words(writer, "use", "sig");
    json_words(writer, "alg", "RS256");
    if (kid.length > 0)
        json_text(writer, "kid", kid);
    write_number(writer, "n", modulus, length);
    write_number(writer, "e", exponent, sizeof exponent);
    json_close(writer);
}

static void write_issuers_key(struct json_writer *writer, const struct ward_key *key)
{
    uint8_t modulus[WARD_MAX_RSA_BITS / 8];
    const size_t length = ward_key_signature_length(key);
    for (size_t i = 0; i < length; i++)
        modulus[length - 1 - i] = (uint8_t)(key->n[i / 4] >> 8 * (i % 4));
    write_key(writer, ward_text_of(key->kid, key->kid_length), modulus, length);
}

static void write_header(const struct making *making, FILE *file)
{
    struct json_writer writer;
    json_begin(&writer, file, false);
    json_object(&writer, NULL);
    json_words(&writer, "alg", "RS256");
    json_words(&writer, "typ", WARD_BUNDLE_TYPE);
    json_text(&writer, "kid", making->kid);
    json_close(&writer);
}

static void write_payload(const struct making *making, FILE *file)
{
    struct json_writer writer;
    json_begin(&writer, file, false);
    json_object(&writer, NULL);
    json_text(&writer, "iss", making->device.bundles.operator_name);
    json_text(&writer, "sub", making->device.issuer);
    json_text(&writer, "aud", making->device.bundles.fleet);
    write_seconds(&writer, "iat", making->iat);
    write_seconds(&writer, "exp", making->iat + making->lifetime);
    write_seconds(&writer, "seq", making->seq);
    json_array(&writer, "keys");
    for (size_t i = 0; i < making->keys.count; i++)
        write_issuers_key(&writer, &making->keys.key[i]);
    json_close(&writer);
    if (making->deny.length > 0)
        json_raw(&writer, "deny", ward_text_of(making->deny.data, making->deny.length));
    json_close(&writer);
}

/* ---- Its form. */

/* A part in base64url; false where it does not fit. */
static bool put_part(struct bundle_text *out, const struct making *making,
                     void (*write)(const struct making *making, FILE *file))
{
    static char json[LONGEST_BUNDLE];
    FILE *const file = fmemopen(json, sizeof json, "wb");
    if (file == NULL)
        return false;
    write(making, file);
    const long length = ftell(file);
    const bool whole = fflush(file) == 0 && ferror(file) == 0 && length > 0;
    fclose(file);
    if (whole)
        put_base64url(out, json, (size_t)length);
    return whole && out->length < LONGEST_BUNDLE;
}

static bool put_parts(struct bundle_text *out, const struct making *making)
{
    out->length = 0;
    if (!put_part(out, making, write_header))
        return false;
    put(out, '.');
    return put_part(out, making, write_payload);
}

static int print_text_of(const struct bundle_text *text, const char *end)
{
    printf("%.*s%s", (int)text->length, text->data, end);
    return finish_output();
}

static int say(const char *path, struct ward_status status)
{
    fprintf(stderr, "ward: %s: %s: %s\n", path, ward_status_name(status), ward_status_sentence(status));
    return EXIT_INPUT;
}

/* The key that signs, as a device has it. */
static bool take_public_key(struct making *making, const struct ward_posix_signed *made)
{
    static char json[4096];
    static struct ward_jwks_reader reader;
    struct json_writer writer;
    FILE *const file = made->exponent == 65537 ? fmemopen(json, sizeof json, "wb") : NULL;
    if (file == NULL)
        return false;
    json_begin(&writer, file, false);
    json_object(&writer, NULL);
    json_array(&writer, "keys");
    write_key(&writer, making->kid, made->modulus, made->length);
    json_close(&writer);
    json_close(&writer);
    const long length = ftell(file);
    fclose(file);
    ward_jwks_begin(&reader, &making->device.keys, NULL, ward_text_of(NULL, 0));
    return ward_ok(ward_jwks_feed(&reader, json, (size_t)length, &making->device.work)) &&
           ward_ok(ward_jwks_end(&reader));
}

/* What no device would take is not written. */
static int check_and_print(struct making *making, const char *path, const struct bundle_text *bundle)
{
    static struct bundle_text copy;
    copy = *bundle;
    if (!begin_bundle_device(&making->device))
        return EXIT_INPUT;
    const struct ward_status status = give_bundle(&making->device, &copy, ward_time_set(making->iat));
    return ward_ok(status) ? print_text_of(bundle, "\n") : say(path, status);
}

static int sign(struct making *making, const char *path, struct bundle_text *bundle)
{
    static struct ward_posix_signed made;
    const struct ward_status status = ward_posix_sign(path, bundle->data, bundle->length, &made);
    if (status.code == WARD_NOT_PROVIDED) {
        fprintf(stderr, "ward: %s: no private key in PEM without a pass phrase\n", path);
        return EXIT_INPUT;
    }
    if (!ward_ok(status))
        return say(path, status);
    if (!take_public_key(making, &made))
        return say(path, ward_status_of(WARD_JWK_EXPONENT_REFUSED));
    put(bundle, '.');
    put_base64url(bundle, made.signature, made.length);
    return check_and_print(making, path, bundle);
}

/* ---- The commands. */

static int read_words(const struct command *command, const struct arguments *arguments, struct making *making)
{
    making->iat = (uint64_t)time(NULL);
    making->lifetime = A_WEEK;
    making->kid = option_text(command, arguments, "--kid");
    if (!option_number(command, arguments, "--iat", (uint64_t)1 << 53, &making->iat) ||
        !option_number(command, arguments, "--lifetime", UINT32_MAX, &making->lifetime))
        return EXIT_USAGE;
    making->seq = making->iat;
    if (!option_number(command, arguments, "--seq", last_sequence, &making->seq))
        return EXIT_USAGE;
    if (making->kid.length == 0)
        return wrong_usage(command, "is missing: the kid of the operator's key", "--kid");
    if (option_count(command, arguments, "--key") + option_count(command, arguments, "--to-sign") != 1)
        return wrong_usage(command, "one of them is needed", "--key, --to-sign");
    return EXIT_ACCEPTED;
}

/* Whom it names is for a device to judge; that it is an array is not to wait for that. */
static int read_denials(const char *path, struct bundle_text *deny)
{
    size_t broken;
    const int result = read_bundle_text(path, deny);
    if (result != EXIT_ACCEPTED)
        return result;
    const struct ward_status status = json_grammar(ward_text_of(deny->data, deny->length), &broken);
    if (!ward_ok(status))
        return say(path, status);
    return deny->data[0] == '[' ? EXIT_ACCEPTED : say(path, ward_status_of(WARD_BUNDLE_DENIALS_INVALID));
}

static int read_parts(const struct command *command, const struct arguments *arguments, struct making *making)
{
    struct ward_jwks_report report;
    const char *const deny = option_value(command, arguments, "--deny");
    const int result = read_jwks(arguments->operand[1], &making->keys, &report, NULL);
    if (result != EXIT_ACCEPTED)
        return result;
    if (report.left_out > 0)
        fprintf(stderr, "ward: %u usable keys are left out: this tool holds %u\n", (unsigned)report.left_out,
                (unsigned)WARD_MAX_KEYS);
    return deny != NULL ? read_denials(deny, &making->deny) : EXIT_ACCEPTED;
}

int make_bundle(const struct command *command, const struct arguments *arguments)
{
    static struct making making;
    static struct bundle_text bundle;
    const char *const key = option_value(command, arguments, "--key");
    int result = read_bundle_device(command, arguments, false, &making.device);
    if (result == EXIT_ACCEPTED)
        result = read_words(command, arguments, &making);
    if (result == EXIT_ACCEPTED)
        result = read_parts(command, arguments, &making);
    if (result != EXIT_ACCEPTED)
        return result;
    if (!put_parts(&bundle, &making))
        return say(arguments->operand[1], ward_status_of(WARD_BUNDLE_TOO_LONG));
    return key != NULL ? sign(&making, key, &bundle) : print_text_of(&bundle, "");
}

int join_bundle(const struct command *command, const struct arguments *arguments)
{
    static struct bundle_text bundle;
    static struct bundle_text signature;
    const char *const path = option_value(command, arguments, "--signature");
    if (path == NULL)
        return wrong_usage(command, "is missing", "--signature");
    FILE *const file = open_input(path);
    if (file == NULL)
        return EXIT_INPUT;
    signature.length = fread(signature.data, 1, sizeof signature.data, file);
    if (close_input(file, path) != EXIT_ACCEPTED || read_bundle_text(arguments->operand[1], &bundle) != EXIT_ACCEPTED)
        return EXIT_INPUT;
    if (signature.length < 256 || signature.length > 512) {
        fprintf(stderr, "ward: %s: %zu bytes are no RS256 signature of a key of 2048 to 4096 bits\n", path,
                signature.length);
        return EXIT_INPUT;
    }
    put(&bundle, '.');
    put_base64url(&bundle, signature.data, signature.length);
    return print_text_of(&bundle, "\n");
}

int write_operator_key(const struct command *command, const struct arguments *arguments)
{
    static struct ward_posix_signed key;
    struct json_writer writer;
    const char *const path = arguments->operand[1];
    const struct ward_text kid = option_text(command, arguments, "--kid");
    if (kid.length == 0)
        return wrong_usage(command, "is missing: the kid of the operator's key", "--kid");
    const struct ward_status status = ward_posix_describe(path, &key);
    if (status.code == WARD_NOT_PROVIDED) {
        fprintf(stderr, "ward: %s: no key in PEM without a pass phrase\n", path);
        return EXIT_INPUT;
    }
    if (!ward_ok(status) || key.exponent != 65537)
        return say(path, ward_ok(status) ? ward_status_of(WARD_JWK_EXPONENT_REFUSED) : status);
    json_begin(&writer, stdout, false);
    json_object(&writer, NULL);
    json_array(&writer, "keys");
    write_key(&writer, kid, key.modulus, key.length);
    json_close(&writer);
    json_close(&writer);
    return finish_output();
}
