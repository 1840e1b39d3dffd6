// SPDX-License-Identifier: Apache-2.0
// What a server of tests saw, a line each in FOLDER/seen: shown where a test fails.
import { appendFileSync } from 'node:fs';

export function recordSeen(server, folder) {
  const write = (line) => appendFileSync(`${folder}/seen`, `${line}\n`);
  server.on('secureConnection', (socket) => write(`a client over ${socket.getProtocol()}`));
  server.on('request', (request) => write(`${request.method} ${request.url}`));
  server.on('tlsClientError', (error) => write(`no TLS: ${error.message}`));
}
