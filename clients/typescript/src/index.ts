// SPDX-License-Identifier: Apache-2.0
// A client for devices that ward guards: it gets tokens, keeps and renews them, waits when it is told to, and says what
// to do about a refusal. In browsers; in Node ward-client/node has all of this and more.
export type { RequestOptions } from './asking.js';
export { Device, type DeviceOptions } from './device.js';
export { ClientError, DeviceError, IssuerError, WardError } from './errors.js';
export type { Token } from './grants.js';
export type { Limits } from './patience.js';
export { Secret } from './secret.js';
export {
  Application, type ApplicationOptions, type Authentication, Issuer, type IssuerOptions, Machine, type PartyOptions,
} from './settings.js';
export { type Redirected, SignIn, type UserCode } from './sign_in.js';
export { Tokens, type TokensOptions } from './tokens.js';
