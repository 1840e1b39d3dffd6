# SPDX-License-Identifier: Apache-2.0
"""What a reviewer has broken of the client in Python, where it says something of this one as well."""
import test_hostile as cases

SAME = (
    "test_a_wait_of_years_is_told_and_not_begun", "test_an_absurd_answer_is_a_token_without_an_end_or_none",
    "test_an_absurd_code_is_no_code", "test_an_issuer_that_repeats_how_the_client_proved_itself_shows_nothing",
    "test_metadata_with_an_endpoint_that_nobody_asks_for_is_taken",
    "test_an_answer_that_the_gate_has_not_given_has_a_hint_too",
    "test_a_header_that_is_none_is_a_setting_and_shows_no_token", "test_a_name_that_is_none_is_told_at_once",
    "test_what_was_closed_says_so", "test_parameters_are_sent_or_refused",
    "test_a_request_is_not_begun_without_the_time_for_its_answer", "test_a_wait_leaves_time_for_the_answer",
    "test_two_threads_do_not_finish_one_sign_in"
)
globals().update({name: getattr(cases, name) for name in SAME})
