// SPDX-License-Identifier: Apache-2.0
// @ts-check
// A refusal in plain words: what happened, why, and what helps. What helps is the client's hint (clients/hints.json),
// after what is special about a page in a browser.

/** @typedef {{ title: string, why: string, special?: string }} Words */

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
  const { title, why, special } = Object.hasOwn(WORDS, error.error) ? WORDS[error.error] ?? other : other;
  const needs = error.scope ? `It needs: ${error.scope.split(' ').join(', ')}.` : '';
  const wait = error.retryAfter === undefined ? '' : `Try again in ${Math.ceil(error.retryAfter)} seconds.`;
  const said = (/** @type {(string | undefined)[]} */ ...parts) => parts.filter(Boolean).join(' ');
  return { title, why: said(why, needs), help: said(wait, special, error.hint) };
}
