/* SPDX-License-Identifier: Apache-2.0 */
/* A LED behind https: GET /led with read:led, POST /led with write:led. */
#include <stdio.h>

#include "esp_event.h"
#include "esp_https_server.h"
#include "esp_netif.h"
#include "esp_netif_sntp.h"
#include "nvs_flash.h"
#include "protocol_examples_common.h"
#include "psa/crypto.h"

#include "guard.h"

/* From `ward provision jwks.json --c issuer_keys`. */
extern const struct ward_jwks issuer_keys;

static const struct ward_expect expect = { .issuers = WARD_TEXTS("https://dev-4fszoklachwdh46m.us.auth0.com/"),
                                           .audiences = WARD_TEXTS("https://api.theholefoundation.org") };
static const struct ward_route routes[] = {
    [LED_SHOW] = { WARD_GET, WARD_TEXT("/led"), WARD_TEXT("read:led") },
    [LED_SWITCH] = { WARD_POST, WARD_TEXT("/led"), WARD_TEXT("write:led") },
};
static const struct ward_policy policy = { .expect = &expect, .routes = routes, .route_count = 2 };
static bool lit;

/* Certificate and key of the device, as main/CMakeLists.txt embeds them. */
extern const unsigned char cert_begin[] asm("_binary_cert_pem_start");
extern const unsigned char cert_end[] asm("_binary_cert_pem_end");
extern const unsigned char key_begin[] asm("_binary_key_pem_start");
extern const unsigned char key_end[] asm("_binary_key_pem_end");

static esp_err_t serve(httpd_req_t *request, const struct ward_decision *decision)
{
    if (decision->route == LED_SWITCH)
        lit = !lit;
    httpd_resp_set_type(request, "application/json");
    return httpd_resp_sendstr(request, lit ? "{\"led\":true}" : "{\"led\":false}");
}

static void on_sync(struct timeval *time)
{
    (void)time;
    guard_clock_is_set();
}

void app_main(void)
{
    ESP_ERROR_CHECK(nvs_flash_init());
    ESP_ERROR_CHECK(esp_netif_init());
    ESP_ERROR_CHECK(esp_event_loop_create_default());
    ESP_ERROR_CHECK(example_connect());
    esp_sntp_config_t sntp = ESP_NETIF_SNTP_DEFAULT_CONFIG("pool.ntp.org");
    sntp.sync_cb = on_sync;
    ESP_ERROR_CHECK(esp_netif_sntp_init(&sntp));
    ESP_ERROR_CHECK(psa_crypto_init() == PSA_SUCCESS ? ESP_OK : ESP_FAIL);

    httpd_ssl_config_t config = HTTPD_SSL_CONFIG_DEFAULT();
    config.httpd.uri_match_fn = httpd_uri_match_wildcard;
    config.httpd.stack_size = 10240;
    config.servercert = cert_begin;
    config.servercert_len = (size_t)(cert_end - cert_begin);
    config.prvtkey_pem = key_begin;
    config.prvtkey_len = (size_t)(key_end - key_begin);
    httpd_handle_t server = NULL;
    ESP_ERROR_CHECK(httpd_ssl_start(&server, &config));
    ESP_ERROR_CHECK(guard_begin(server, &policy, &issuer_keys, serve));
}
