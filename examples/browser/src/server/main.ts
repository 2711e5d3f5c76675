/** `npm run example:browser`, or with `-- PORT`. */
import type { AddressInfo } from 'node:net';
import { startServer } from './server.js';

const DEFAULT_PORT = 8080;

const [, , given = String(DEFAULT_PORT)] = process.argv;
try {
  const server = await startServer(Number(given));
  console.log(`Open http://127.0.0.1:${(server.address() as AddressInfo).port}/ in a browser with WebGPU; Ctrl+C ends`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
