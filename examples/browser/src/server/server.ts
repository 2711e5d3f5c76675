/** Serves the page and the packages as they are built: nothing is bundled, so a browser runs the files that Node runs. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { digitsFile } from './digits-files.js';
import { addressOf, moduleText } from './module-text.js';
import { standInFor } from './resolve-module.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const PAGE = '/examples/browser/';
/** Folders from which anything is served. */
const OPEN =
  /^\/(examples\/(browser\/)?dist|packages\/([\w-]+\/)+dist|node_modules\/[\w@./-]+)\/|^\/examples\/browser\/[\w-]+\.(html|css)$/;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
};

/** Threads of a page share memory only where these two are sent. */
const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cache-Control': 'no-store',
};

/** Listens on this machine alone. @param port - 0 for any that is free */
export function startServer(port: number): Promise<Server> {
  const server = createServer((request, response) => {
    answer(new URL(request.url ?? '/', 'http://127.0.0.1'), response).catch((error: unknown) => {
      send(response, 500, 'text/plain', error instanceof Error ? error.message : String(error));
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

async function answer({ pathname, searchParams }: URL, response: ServerResponse): Promise<void> {
  if (pathname === '/') return redirect(response, PAGE);
  if (pathname.startsWith('/digits/')) {
    const found = await digitsFile(pathname.slice('/digits/'.length), Number(searchParams.get('rows') ?? 1));
    if (found instanceof Uint8Array) return send(response, 200, 'application/octet-stream', found);
    if (found) return send(response, 200, 'application/json', JSON.stringify(found));
    return send(response, 404, 'text/plain', 'not found');
  }
  const address = path.posix.normalize(decodeURIComponent(pathname === PAGE ? `${PAGE}index.html` : pathname));
  const file = path.join(root, address);
  if (!OPEN.test(address)) return send(response, 404, 'text/plain', 'not found');
  const standIn = standInFor(file);
  if (standIn !== null) return redirect(response, addressOf(root, standIn));
  const type = TYPES[path.extname(file)];
  if (type !== undefined && existsSync(file)) {
    const isModule = type.startsWith('text/javascript');
    return send(response, 200, type, isModule ? await moduleText(root, file) : await readFile(file));
  }
  // Some packages import their files without the extension.
  const full = ['.js', '/index.js'].find((end) => existsSync(`${file}${end}`));
  if (full !== undefined) return redirect(response, `${address}${full}`);
  return send(response, 404, 'text/plain', 'not found');
}

function redirect(response: ServerResponse, to: string): void {
  response.writeHead(302, { ...ISOLATED, Location: to }).end();
}

function send(response: ServerResponse, status: number, type: string, body: string | Uint8Array): void {
  response.writeHead(status, { ...ISOLATED, 'Content-Type': type }).end(body);
}
