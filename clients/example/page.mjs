// SPDX-License-Identifier: Apache-2.0
// @ts-check
// A page that signs a user in, calls a device that ward guards, and says in plain words why a request was refused.
// settings.json beside it says which issuer, which device, and what to ask for.
import { Application, ClientError, Device, Issuer, SignIn, Tokens, WardError } from 'ward-client';
import { plainly, unexpected } from './words.mjs';

const KEPT = 'ward-example-sign-in';
// Seconds in which an issuer's page comes, or the browser says why not.
const AWAY = 20;

/** @type {(id: string) => any} */
const at = (id) => document.getElementById(id);
// The code is good for one time and nobody's business: neither the history has it nor who copies the address.
const came = location.search;
history.replaceState(null, '', location.pathname);

/** @type {any} */
let settings;
/** @type {Issuer} */
let issuer;

/** What was asked for of the issuer: what this page needs, and what a refusal has named. */
let asked = '';
/** @type {Tokens} */
let tokens;
/** @type {Device} */
let device;
/** What was refused last, to do it again. @type {() => Promise<void>} */
let last = async () => {};

/** @param {string} scope */
function tokensFor(scope) {
  const { clientId, audience, parameters, limits } = settings;
  return new Tokens(new Application(issuer, clientId, { audience, scope, parameters }), { limits });
}

/** @param {string} scope */
function become(scope) {
  asked = scope;
  tokens = tokensFor(scope);
  device = new Device(settings.device, tokens, { limits: settings.limits });
}

// ---- Signing in.

/** The browser goes to the issuer and comes back to this page, which is another one then. @param {string} scope */
async function signIn(scope) {
  const begun = await tokensFor(scope).beginSignIn(location.origin + location.pathname);
  sessionStorage.setItem(KEPT, JSON.stringify({ begun: begun.save(), scope }));
  location.assign(begun.url);
  // So long this page says that it is going there.
  await new Promise((resolve) => setTimeout(resolve, AWAY * 1000));
}

// A browser keeps pages that were left, to show them again to who goes back; that may be somebody else, after this user
// has signed out.
addEventListener('pagehide', () => {
  tokens?.signOut();
  showOutside();
});
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) location.reload();
});

/** What an issuer sends back. @param {URLSearchParams} query */
const isAnswer = (query) => query.has('state') || query.has('code') || query.has('error');

/** Whether somebody has come back from the issuer. */
async function comeBack() {
  const kept = sessionStorage.getItem(KEPT);
  sessionStorage.removeItem(KEPT);
  if (!isAnswer(new URLSearchParams(came))) return false;
  if (kept === null) throw new ClientError('state_mismatch', 'nobody has begun to sign in here');
  const { begun, scope } = JSON.parse(kept);
  become(scope);
  // A code is good for one time.
  last = () => signIn(scope);
  await tokens.finishSignIn(SignIn.restore(begun), came);
  return true;
}

// ---- What is shown.

/** @param {string} name @param {Record<string, string>} properties @param {(Node | string)[]} children */
function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** @param {string | undefined} granted */
function showScopes(granted) {
  const words = (/** @type {string} */ text) => text.split(' ').filter(Boolean);
  const has = new Set(words(granted ?? ''));
  const rows = [...new Set([...words(asked), ...has])].map((scope) => {
    const [className, said] = has.has(scope) ? ['yes', '✓ allowed'] : ['no', '– not allowed'];
    return element('li', {}, element('span', {}, scope), element('span', { className }, said));
  });
  at('scopes').replaceChildren(...rows);
}

/** Who one is, as the device has read the token; its answer to `who` says it. */
async function showWho() {
  const { scope } = await tokens.get();
  // Who grants what was asked for need not say so (RFC 6749, 5.1).
  showScopes(scope ?? asked);
  const said = await (await device.get(settings.who)).json();
  at('subject').textContent = said.subject;
  at('client').textContent = said.client;
  showScopes(said.scopes.join(' '));
}

async function showProjects() {
  const { projects } = await (await device.get('/api/projects')).json();
  at('none').hidden = projects.length > 0;
  at('projects').replaceChildren(...projects.map((/** @type {{ number: number, name: string }} */ project) => {
    const properties = { type: 'button', className: 'quiet', ariaLabel: `Delete ${project.name}` };
    const button = element('button', properties, 'Delete');
    button.addEventListener('click', () => act('Deleting', () => remove(project.number)));
    return element('li', {}, element('span', {}, project.name), button);
  }));
}

/** @param {number} number */
async function remove(number) {
  try {
    await device.delete(`/api/projects/${number}`);
  } catch (error) {
    // Perhaps another page has deleted it.
    if (error instanceof WardError && error.error === 'not_found') await showProjects();
    throw error;
  }
  await showProjects();
  at('name').focus();
}

async function add() {
  const { value } = at('name');
  await device.post('/api/projects', { body: value });
  at('name').value = '';
  await showProjects();
}

async function call() {
  const method = at('method').value;
  at('answer').textContent = '';
  const answer = await device.request(method, at('path').value, method === 'GET' ? {} : { body: 'called from a page' });
  at('answer').textContent = `${answer.status}\n${await answer.text()}`;
}

async function showInside() {
  at('outside').hidden = true;
  at('inside').hidden = false;
  at('you').focus();
  try {
    await showWho();
  } finally {
    await showProjects();
  }
}

/** Whoever comes next finds nothing of who was there. */
function showOutside() {
  for (const id of ['subject', 'client', 'scopes', 'projects', 'answer']) at(id).replaceChildren();
  for (const id of ['add', 'call']) at(id).reset();
  at('inside').hidden = true;
  at('outside').hidden = false;
}

// ---- Refusals.

// Where a new sign-in may help, and where trying again may.
const SIGN_IN = ['sign_in_required', 'invalid_grant', 'invalid_token', 'unauthorized', 'state_mismatch',
  'access_denied'];
const AGAIN = ['unreachable', 'timed_out', 'temporarily_unavailable', 'rate_limited'];

/** @param {unknown} error */
function showRefusal(error) {
  const { title, why, help } = error instanceof WardError ? plainly(error) : unexpected;
  at('refused').textContent = title;
  at('why').textContent = why;
  at('help').textContent = help;
  for (const id of ['ask-scope', 'again']) at(id).hidden = true;
  at('details').textContent = `In short: ${short(error)}`;
  if (error instanceof WardError) showHelp(error);
  at('refusal').hidden = false;
  at('refusal').focus();
}

/** For who has to look further. @param {unknown} error */
function short(error) {
  // Others' words could hold a piece of an answer; the client's are without one.
  if (!(error instanceof WardError)) return error instanceof Error ? error.name : 'unknown';
  const name = [error.status, error.error].filter((part) => part !== undefined).join(' ');
  return error.description ? `${name}: ${error.description}` : name;
}

/** What helps, by a button. @param {WardError} error */
function showHelp(error) {
  const missing = error.scope?.split(' ').filter((scope) => !asked.split(' ').includes(scope)) ?? [];
  const more = missing.length > 0 ? ` and ask for ${missing.join(', ')}` : '';
  at('ask-scope').textContent = `Sign in again${more}`;
  at('ask-scope').hidden = more === '' && !SIGN_IN.includes(error.error);
  at('ask-scope').onclick = () => act('Going to the issuer', () => signIn([asked, ...missing].join(' ')));
  at('again').hidden = !AGAIN.includes(error.error);
}

/**
 * Does something, says so, and says why where it was refused.
 * @param {string} what
 * @param {() => Promise<void>} step
 */
async function act(what, step) {
  last = step;
  at('refusal').hidden = true;
  at('busy').textContent = `${what} …`;
  const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll('button'));
  const focused = document.activeElement;
  for (const button of buttons) button.disabled = true;
  try {
    await step();
  } catch (error) {
    showRefusal(error);
  } finally {
    for (const button of buttons) button.disabled = false;
    at('busy').textContent = '';
    // A button that is disabled loses the focus.
    if (document.activeElement === document.body && focused instanceof HTMLElement) focused.focus();
  }
}

/** @param {string} form @param {string} what @param {() => Promise<void>} step */
function onSubmit(form, what, step) {
  at(form).addEventListener('submit', (/** @type {Event} */ event) => {
    event.preventDefault();
    void act(what, step);
  });
}

at('sign-in').addEventListener('click', () => act('Going to the issuer', () => signIn(settings.scope)));
at('sign-out').addEventListener('click', () => {
  tokens.signOut();
  at('refusal').hidden = true;
  showOutside();
  at('gone').hidden = false;
  at('sign-in').focus();
});
at('again').addEventListener('click', () => act('Trying again', last));
at('dismiss').addEventListener('click', () => {
  at('refusal').hidden = true;
  (at('inside').hidden ? at('sign-in') : at('you')).focus();
});
at('load').addEventListener('click', () => act('Loading', showProjects));
onSubmit('add', 'Adding', add);
onSubmit('call', 'Calling', call);

/** What cannot begin says why, too. */
async function start() {
  settings = await (await fetch('settings.json', { cache: 'no-store' })).json();
  issuer = new Issuer(settings.issuer.url, settings.issuer);
  at('device').textContent = `${new URL(settings.device).host}, guarded by ward`;
  become(settings.scope);
  let back = false;
  try {
    back = await comeBack();
  } finally {
    if (!back) showOutside();
  }
  if (!back) return;
  last = showInside;
  await showInside();
}

await act('Looking who is there', start);
document.documentElement.dataset['ready'] = 'yes';
