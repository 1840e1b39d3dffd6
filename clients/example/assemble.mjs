// SPDX-License-Identifier: Apache-2.0
// assemble.mjs CLIENT FOLDER SETTINGS.json: the page as a folder that any web server can give away. CLIENT is
// clients/typescript with its dist/ and node_modules/, SETTINGS.json is like settings.example.json.
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [client, folder, settings] = process.argv.slice(2);
if (settings === undefined) {
  console.error('usage: assemble.mjs CLIENT FOLDER SETTINGS.json');
  process.exit(2);
}
const here = fileURLToPath(new URL('.', import.meta.url));

mkdirSync(folder, { recursive: true });
for (const name of ['page.mjs', 'words.mjs', 'page.css']) cpSync(join(here, name), join(folder, name));
cpSync(settings, join(folder, 'settings.json'));
const programs = (from) => !from.endsWith('.d.ts');
cpSync(join(client, 'dist'), join(folder, 'ward-client'), { recursive: true, filter: programs });
cpSync(join(client, 'node_modules/oauth4webapi/build/index.js'), join(folder, 'oauth4webapi/index.js'));
// The policy allows one inline script, the import map, by its digest, and to call the issuer and the device.
const page = readFileSync(join(here, 'index.html'), 'utf8');
const map = /<script type="importmap">([^]*?)<\/script>/.exec(page)[1];
const digest = createHash('sha256').update(map).digest('base64');
writeFileSync(join(folder, 'index.html'), page.replace('HASH', digest).replace('ORIGINS', origins().join(' ')));

function origins() {
  const { device, issuer } = JSON.parse(readFileSync(settings, 'utf8'));
  // What is no https URL the page refuses, in plain words.
  const urls = [device, issuer?.url, issuer?.tokenEndpoint].filter((url) => /^https:\/\/[\w.:[\]-]+(\/|$)/.test(url));
  return [...new Set(urls.map((url) => new URL(url).origin))];
}
