// SPDX-License-Identifier: Apache-2.0
// A device by its own description: `ward routes FILE --openapi --issuer URL` writes it, openapi-typescript makes types
// of it, openapi-fetch calls by them.
import createClient, { type Client, type PathSerializer } from 'openapi-fetch';
import { isDots } from './asking.js';
import type { Device } from './device.js';
import { ClientError } from './errors.js';

/** A star is the rest of a path, with its slashes as they are: the device refuses escaped ones. */
const serializePath: PathSerializer = (pathname, parameters) =>
  pathname.replace(/\{([^{}]+)\}/g, (_, name: string) => {
    const segments = String(parameters[name] ?? '').split('/');
    // They would be resolved on the way: another path than that of the operation.
    if (segments.some(isDots)) throw new ClientError('other_origin', `${name} has dot segments`);
    return segments.map(encodeURIComponent).join('/');
  });

/** `api<paths>(device).GET('/api/projects')`: an answer's `data` has a type; a refusal is thrown. */
export function api<Paths extends {}>(device: Device): Client<Paths> {
  return createClient<Paths>({ baseUrl: device.origin, fetch: device.fetch, pathSerializer: serializePath });
}
