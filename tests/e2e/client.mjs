// SPDX-License-Identifier: Apache-2.0
// client.mjs BASE TOKEN ORIGIN: what a page in a browser and a server in Node do with fetch(): prints a line of JSON for each request,
// {"what": …, "status": …, "body": …, "headers": {…}}. NODE_EXTRA_CA_CERTS names the authority that is trusted.
const [base, token, origin] = process.argv.slice(2);
const authorization = { Authorization: `Bearer ${token}` };

async function tell(what, target, options) {
  const response = await fetch(`${base}${target}`, { signal: AbortSignal.timeout(20000), ...options });
  console.log(JSON.stringify({ what, status: response.status, body: await response.text(), headers: Object.fromEntries(response.headers) }));
}

await tell('granted', '/api/foia/requests', { headers: authorization });
await tell('granted again', '/api/foia/requests', { headers: authorization });
await tell('no token', '/api/foia/requests', {});
await tell('no scope', '/api/database/admin/users', { headers: authorization });
await tell('with a body', '/api/projects', { method: 'POST', body: 'From Node', headers: authorization });
// A browser asks first, with these headers and no token, and only then sends the request.
const preflight = { Origin: origin, 'Access-Control-Request-Method': 'PUT', 'Access-Control-Request-Headers': 'authorization' };
await tell('preflight', '/api/projects/1', { method: 'OPTIONS', headers: preflight });
await tell('preflight from elsewhere', '/api/projects/1', { method: 'OPTIONS', headers: { ...preflight, Origin: 'https://evil.example' } });
await tell('from the page', '/api/foia/requests', { headers: { ...authorization, Origin: origin } });
await tell('refused, from the page', '/api/foia/requests', { headers: { Origin: origin } });
await tell('from elsewhere', '/api/foia/requests', { headers: { ...authorization, Origin: 'https://evil.example' } });
