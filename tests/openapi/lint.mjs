// SPDX-License-Identifier: Apache-2.0
// Looks at OpenAPI documents: each argument is a file. Prints a line for each problem; what Redocly merely recommends is one, too.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(pathToFileURL(process.env.WARD_NODE_MODULES + '/'));
const { createConfig, lint } = require('@redocly/openapi-core');

const config = await createConfig({
  extends: ['recommended-strict'],
  rules: { 'operation-description': 'error', 'operation-tag-defined': 'error', 'parameter-description': 'error', 'spec-strict-refs': 'error' },
});
for (const file of process.argv.slice(2)) {
  const problems = await lint({ ref: file, config });
  for (const problem of problems)
    console.log(`${problem.severity} ${problem.ruleId} ${problem.location[0]?.pointer}: ${problem.message}`);
}
