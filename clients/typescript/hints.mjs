// SPDX-License-Identifier: Apache-2.0
// hints.mjs: makes src/hints.ts of clients/hints.json, the table that all clients share. A browser imports no JSON.
import { readFileSync, writeFileSync } from 'node:fs';

const here = (name) => new URL(name, import.meta.url);
const table = JSON.stringify(JSON.parse(readFileSync(here('hints.json'), 'utf8')), null, 2);
writeFileSync(here('src/hints.ts'), `// SPDX-License-Identifier: Apache-2.0
// Made by hints.mjs.
export interface Row {
  readonly status?: number | null;
  readonly error: string;
  readonly description: string | null;
  readonly hint: string;
}

export const table: { readonly device: readonly Row[]; readonly issuer: readonly Row[]; readonly client: readonly Row[] } = ${table};
`);
