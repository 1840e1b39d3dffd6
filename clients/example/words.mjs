// SPDX-License-Identifier: Apache-2.0
// @ts-check
// A refusal in plain words: what happened, why, and what helps. What helps is the client's hint (clients/hints.json),
// after what is special about a page in a browser; or `instead` of it what helps with this page's own device.

/** @typedef {{ title: string, why: string, special?: string, instead?: string }} Words */

/** @type {Words} */
const NOT_KNOWN_THERE = {
  title: 'The issuer does not know this page so', why: 'What this page asks for, or as what, is not set up there.',
  special: 'That is for whoever runs this page.',
};
/** @type {Words} */
const ASKS = { title: 'The issuer wants to ask you something', why: 'It has not done so yet.' };

/** By the error's name. @type {Record<string, Words>} */
const WORDS = {
  insufficient_scope: {
    title: 'You may not do this',
    why: 'You are signed in, but what you wanted needs a permission that your sign-in did not bring.',
  },
  invalid_token: {
    title: 'The device does not accept your sign-in',
    why: 'It has ended, was withdrawn, or is not meant for this device.',
  },
  unauthorized: { title: 'The device does not know who you are', why: 'The request came without a sign-in.' },
  not_found: {
    title: 'There is nothing here', why: 'The device has nothing at this path, or nothing that is yours.',
  },
  method_not_allowed: {
    title: 'This cannot be done here', why: 'The path is right, but it does not have this method.',
  },
  invalid_request: {
    title: 'The request was not understood', why: 'It is written in a way that the other side does not take.',
  },
  https_required: { title: 'Only https', why: 'A sign-in is never sent in clear.' },
  other_origin: {
    title: 'This is no path of your device', why: 'Your sign-in is shown to this device alone, so it was not sent.',
  },
  rate_limited: { title: 'Too many requests', why: 'You have asked more often than the device allows at a time.' },
  temporarily_unavailable: {
    title: 'Not possible at this moment', why: 'Who should check your sign-in, or make it, cannot do so right now.',
  },
  server_error: { title: 'Something is wrong at the other end', why: 'It is not your fault.' },
  unreachable: {
    title: 'No answer', why: 'The browser got none and does not say why.',
    special: 'The device may be off or have nothing at this path, this browser may not know the authority of its ' +
      'certificate, or the device may not let pages of this origin call it.',
  },
  effect_unknown: {
    title: 'No answer: it may have been done', why: 'The connection ended before the answer came.',
    special: 'Look at your projects first. A browser says no more either where the path does not have this method; ' +
      'then nothing was done.',
  },
  timed_out: { title: 'It took too long', why: 'All attempts together took longer than this page waits.' },
  sign_in_required: {
    title: 'Please sign in', why: 'Nobody is signed in, or the sign-in can no longer be renewed.',
  },
  invalid_grant: { title: 'Your sign-in has ended', why: 'The issuer no longer renews it.' },
  access_denied: {
    title: 'You were not signed in', why: 'It was not allowed: you, or somebody who may, said no at the issuer.',
  },
  state_mismatch: {
    title: 'This was not your sign-in', why: 'What came back belongs to a sign-in that this page has not begun.',
  },
  invalid_client: NOT_KNOWN_THERE,
  unauthorized_client: NOT_KNOWN_THERE,
  unsupported_grant_type: NOT_KNOWN_THERE,
  unsupported_response_type: NOT_KNOWN_THERE,
  invalid_scope: NOT_KNOWN_THERE,
  invalid_target: NOT_KNOWN_THERE,
  login_required: ASKS,
  interaction_required: ASKS,
  consent_required: ASKS,
  expired_token: { title: 'That took too long', why: 'A sign-in has to end in time.' },
  certificate_refused: { title: 'Not who it should be', why: 'The certificate of the other side is none to trust.' },
  answer_invalid: { title: 'A strange answer', why: 'It is not what a device or an issuer answers.' },
  setting_invalid: { title: 'This page is set wrongly', why: 'A value in settings.json cannot be right.' },
  unknown: { title: 'It was refused', why: 'The answer does not say why.' },
  // What the demo's endpoints themselves say.
  an_owner_is_needed: {
    title: 'A project needs an owner', why: 'Your sign-in does not say who you are.',
    instead: 'Sign in as a person.',
  },
  a_name_of_1_to_48_bytes_is_needed: {
    title: 'The name is too long', why: 'The device keeps 48 bytes; a letter with an accent is two, an emoji four.',
    instead: 'Take a shorter name.',
  },
  no_room: {
    title: 'The device is full', why: 'It has no room for another project.', instead: 'Delete one that is not needed.',
  },
};

/** Where it is none of the gate's answers: this one has no description. @type {Words} */
const GONE = {
  title: 'There is nothing here', why: 'The device has nothing at this path, or nothing that is yours.',
  instead: 'Load your projects again: perhaps it was deleted elsewhere.',
};

/** What no server has said. */
export const unexpected = {
  title: 'Something went wrong in this page', why: 'What it was given, or was answered, is not what it expects.',
  help: 'Load the page again. If that does not help, tell whoever runs it what stands below.',
};

/** @param {import('ward-client').WardError} error */
export function plainly(error) {
  /** @type {Words} */
  const other = { title: 'It was refused', why: `The answer was ${error.error}.` };
  // Others give the name: "constructor" is in every object.
  const known = Object.hasOwn(WORDS, error.error) ? WORDS[error.error] ?? other : other;
  const gone = error.error === 'not_found' && !error.description;
  const { title, why, special, instead } = gone ? GONE : known;
  const needs = error.scope ? `It needs: ${error.scope.split(' ').join(', ')}.` : '';
  const seconds = Math.ceil(error.retryAfter ?? 0);
  const wait = seconds > 0 ? `Try again in ${seconds} second${seconds > 1 ? 's' : ''}.` : '';
  const said = (/** @type {(string | undefined)[]} */ ...parts) => parts.filter(Boolean).join(' ');
  return { title, why: said(why, needs), help: said(wait, special, instead ?? error.hint) };
}
