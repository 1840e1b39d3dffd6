// SPDX-License-Identifier: Apache-2.0
// The endpoint of a key set that behaves as a test wants it to: it counts who asks, and answers well or as it was told.
//
// How to answer, all of it optional:
//   status   the number; 200
//   headers  lines before the body's length, as they are: ["Cache-Control: max-age=60", …]. A Date is sent unless one is here
//   body     "keys" (the set), "empty", "html", "huge" (1 MB of JSON), or {"text": "…"}
//   framing  "length", "chunked", "close" (the connection's end is the body's), or "none" (it stands in headers)
//   cut      true: half of the body, then the connection is gone without a word of TLS
//   pause    milliseconds between the body's bytes
//   times    so often; then well again
const HTML = '<!doctype html><html><head><title>503</title></head><body><h1>We are down</h1></body></html>\n';
const MEGABYTE = 1048576;

function bodyOf(how, keys) {
  const set = JSON.stringify({ keys });
  const bodies = { keys: () => set, empty: () => '', html: () => HTML, huge: () => `{"pad":"${'x'.repeat(MEGABYTE)}",${set.slice(1)}` };
  const body = how.body?.text ?? bodies[how.body ?? 'keys']();
  return Buffer.from(body);
}

// The bytes as they go over the wire: a chunk for each 256 bytes.
function framed(how, body) {
  if (how.framing !== 'chunked') return body;
  const parts = [];
  for (let at = 0; at < body.length; at += 256) {
    const part = body.subarray(at, at + 256);
    parts.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n'));
  }
  return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')]);
}

function headOf(how, body) {
  const framing = { chunked: ['Transfer-Encoding: chunked'], close: [], none: [] }[how.framing] ?? [`Content-Length: ${body.length}`];
  const headers = how.headers ?? [];
  const date = headers.some((line) => /^date:/i.test(line)) ? [] : [`Date: ${new Date().toUTCString()}`];
  const type = `Content-Type: ${how.body === 'html' ? 'text/html' : 'application/json'}`;
  return [`HTTP/1.1 ${how.status ?? 200} Told`, ...date, type, ...headers, ...framing, 'Connection: close', '', ''].join('\r\n');
}

async function send(socket, how, keys) {
  const body = bodyOf(how, keys);
  const wire = framed(how, body);
  const sent = how.cut ? wire.subarray(0, wire.length >> 1) : wire;
  socket.on('error', () => socket.destroy());
  socket.write(headOf(how, body));
  for (let at = 0; how.pause && at < sent.length && !socket.destroyed; at++) {
    socket.write(sent.subarray(at, at + 1));
    await new Promise((resolve) => setTimeout(resolve, how.pause));
  }
  if (socket.destroyed) return;
  const finish = () => (how.cut ? socket.destroy() : socket.end());
  if (how.pause) finish();
  else socket.write(sent, finish);
}

/** An endpoint for the keys that `published` gives at each request. */
export function jwksEndpoint(published) {
  let told;
  let left = 0;
  const endpoint = {
    fetches: 0,
    tell(how) {
      told = how;
      left = how?.times ?? Infinity;
    },
    serve(request, response) {
      endpoint.fetches++;
      if (told !== undefined && left-- > 0) {
        send(response.socket, told, published());
        return;
      }
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ keys: published() }));
    },
  };
  return endpoint;
}
