// SPDX-License-Identifier: Apache-2.0
// browser.mjs CHROMIUM PIN,PIN: a page in Chromium, without a window, by playwright-core; servers with these keys are
// taken for whom they say they are. A line of JSON in, {"do", …}, a line out, {"ok"} or {"error"}. It ends when its input
// ends.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const require = createRequire(pathToFileURL(`${process.env.WARD_NODE_MODULES}/`));
const { chromium } = require('playwright-core');
const [executablePath, pins] = process.argv.slice(2);
const QUICK = { timeout: 20000 };

// Pages that were left are kept, as they are for people.
const browser = await chromium.launch({
  executablePath, ignoreDefaultArgs: ['--disable-back-forward-cache'], args: ['--disable-quic', `--ignore-certificate-errors-spki-list=${pins}`,
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1'],
});
let context;
let page;
let seen;

/** A page that knows nothing of those before. */
async function fresh() {
  await context?.close();
  context = await browser.newContext();
  page = await context.newPage();
  const { messages, requests } = seen = { messages: [], requests: [] };
  page.on('console', (message) => messages.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => messages.push(`uncaught: ${error.stack}`));
  page.on('request', (request) => requests.push({ by: page.url(), url: request.url() }));
}

// The page's policy forbids what waitForFunction() does. While another page is loaded there is none to ask.
async function wait({ script }) {
  for (const end = Date.now() + QUICK.timeout; Date.now() < end;) {
    if (await page.evaluate(script).catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`not in time, at ${page.url()}: ${await page.evaluate('document.body.innerText')}`);
}

const commands = {
  fresh,
  goto: ({ url }) => page.goto(url, QUICK).then(() => null),
  // It waits for what a page that was kept never tells: for a second, then.
  back: () => page.goBack({ timeout: 1000 }).then(() => null, () => null),
  slow: ({ url, seconds }) => context.route(url, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    await route.continue();
  }),
  press: ({ key }) => page.keyboard.press(key),
  type: ({ text }) => page.keyboard.type(text),
  evaluate: ({ script }) => page.evaluate(script),
  wait,
  async view({ width, height, scheme }) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: scheme });
  },
  shot: ({ path }) => page.screenshot({ path, fullPage: true }).then(() => null),
  offline: ({ offline }) => context.setOffline(offline),
  seen: () => seen,
};

const tell = (line) => console.log(JSON.stringify(line));
tell({ version: browser.version() });
for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  try {
    tell({ ok: await commands[command.do](command) ?? null });
  } catch (error) {
    tell({ error: String(error) });
  }
}
await browser.close();
