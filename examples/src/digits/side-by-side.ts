import { stripVTControlCharacters } from 'node:util';

const GAP = '   ';

/** Blocks of lines side by side, as many as fit, then the next row of them. */
export function sideBySide(blocks: readonly (readonly string[])[], columns: number): string {
  const width = Math.max(...blocks.flat().map(visibleLength));
  const perRow = Math.max(1, Math.floor((columns + GAP.length) / (width + GAP.length)));
  const rows: string[] = [];
  for (let first = 0; first < blocks.length; first += perRow) {
    const row = blocks.slice(first, first + perRow);
    const height = Math.max(...row.map((block) => block.length));
    const lines = Array.from({ length: height }, (_, i) => row.map((block) => padEnd(block[i] ?? '', width)).join(GAP));
    rows.push(lines.map((line) => line.trimEnd()).join('\n'));
  }
  return rows.join('\n\n');
}

/** Characters that take a place on the screen: colours do not. */
function visibleLength(line: string): number {
  return stripVTControlCharacters(line).length;
}

function padEnd(line: string, width: number): string {
  return line + ' '.repeat(width - visibleLength(line));
}
