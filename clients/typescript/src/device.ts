// SPDX-License-Identifier: Apache-2.0
import { type RequestOptions, address, ask, makeRequest, originOf } from './asking.js';
import { responseOf } from './grants.js';
import { type Limits, limitsOf } from './patience.js';
import { Tokens } from './tokens.js';
import { type Transport, platform } from './transport.js';

export interface DeviceOptions {
  /** A PEM file; then that authority alone is trusted, for this device alone. Not in browsers. */
  authority?: string | undefined;
  limits?: Partial<Limits>;
}

/** A device that ward guards. Answers of 200 to 299 and 304 are returned, others are thrown. `tokens` stays open when
 * this is closed. */
export class Device {
  readonly origin: string;
  readonly #tokens: Tokens;
  readonly #transport: Transport;
  readonly #limits: Limits;

  constructor(url: string, tokens: Tokens, options: DeviceOptions = {}) {
    this.origin = originOf(url);
    this.#tokens = tokens;
    this.#transport = platform.transport(options.authority);
    this.#limits = limitsOf(options.limits);
  }

  /** `target`: a path of the device, or a URL of its own origin. */
  async request(method: string, target: string, options: RequestOptions = {}): Promise<Response> {
    const request = makeRequest(this.origin, method, target, options);
    return responseOf(await ask(Tokens.keeperOf(this.#tokens), this.#transport, request, this.#limits));
  }

  /** For what wants a fetch(): the same, so it throws where fetch() would return a refusal. */
  readonly fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    // Before Request resolves dot segments.
    const target = input instanceof Request ? input : address(this.origin, String(input));
    const given = new Request(target, init);
    const body = new Uint8Array(await given.arrayBuffer());
    return this.request(given.method, given.url, {
      headers: Object.fromEntries(given.headers), signal: given.signal, ...(body.length > 0 ? { body } : {}),
    });
  };

  get(target: string, options?: RequestOptions): Promise<Response> {
    return this.request('GET', target, options);
  }

  post(target: string, options?: RequestOptions): Promise<Response> {
    return this.request('POST', target, options);
  }

  put(target: string, options?: RequestOptions): Promise<Response> {
    return this.request('PUT', target, options);
  }

  patch(target: string, options?: RequestOptions): Promise<Response> {
    return this.request('PATCH', target, options);
  }

  delete(target: string, options?: RequestOptions): Promise<Response> {
    return this.request('DELETE', target, options);
  }

  close(): void {
    this.#transport.close();
  }
}
