import { formatShape } from '../define/op/shape.js';
import type { Network } from './network.js';

/** A table of the layers: name and kind, output shape, number of parameters. */
export function summarize(network: Network, notes: readonly string[]): string {
  const rows = network.layers.map((layer) => {
    const shapes = layer.inboundNodes.flatMap((node) => node.outputs.map((output) => formatShape(output.shape)));
    return [
      `${layer.name} (${layer.part?.name ?? layer.constructor.name})`,
      shapes.join(' '),
      count(layer.countParams()),
    ];
  });
  const head = ['Layer', 'Output shape', 'Parameters'];
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] as string).length)) + 2);
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => cell.padEnd(widths[i] as number))
      .join('')
      .trimEnd();
  const rule = '─'.repeat(widths.reduce((a, b) => a + b, 0));
  const sizeOfAll = (variables: readonly { size: number }[]): number => variables.reduce((n, v) => n + v.size, 0);
  const total = sizeOfAll(network.variables);
  const trainable = sizeOfAll(network.trainable);
  return [
    rule,
    line(head),
    rule,
    ...rows.map(line),
    rule,
    `Parameters: ${count(total)} (${count(trainable)} trainable, ${count(total - trainable)} not)`,
    ...notes,
  ].join('\n');
}

function count(n: number): string {
  return n.toLocaleString('en-US');
}
