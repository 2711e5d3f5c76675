/** Small repositories in a temporary folder, for the tools to run on. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');

export interface Outcome {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

export class ScratchTree {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async create(files: Readonly<Record<string, string>>): Promise<ScratchTree> {
    const tree = new ScratchTree(await mkdtemp(path.join(tmpdir(), 'scratch-tree-')));
    for (const [file, text] of Object.entries(files)) await tree.write(file, text);
    return tree;
  }

  at(file: string): string {
    return path.join(this.#folder, file);
  }

  async write(file: string, text: string): Promise<void> {
    await mkdir(path.dirname(this.at(file)), { recursive: true });
    await writeFile(this.at(file), text);
  }

  read(file: string): Promise<string> {
    return readFile(this.at(file), 'utf8');
  }

  /** Copies a file or folder of this repository to the same place in the tree. */
  async copy(...files: readonly string[]): Promise<void> {
    for (const file of files) await cp(path.join(root, file), this.at(file), { recursive: true });
  }

  /** The tools of this repository, as if they had been installed in the tree. */
  async linkTools(): Promise<void> {
    await mkdir(this.at('node_modules'));
    for (const name of await readdir(path.join(root, 'node_modules')))
      await symlink(path.join(root, 'node_modules', name), this.at(`node_modules/${name}`), 'junction');
  }

  async remove(file = ''): Promise<void> {
    await rm(this.at(file), { recursive: true });
  }

  /** Runs a command in the tree, in an environment of its own. */
  run(
    command: string,
    options: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Outcome> {
    const env = { PATH: process.env.PATH, HOME: this.#folder, ...environment };
    return new Promise((resolve) => {
      execFile(command, options, { cwd: this.#folder, env }, (error, stdout, stderr) => {
        resolve({ code: error?.code ?? 0, stdout, stderr });
      });
    });
  }
}
