import { hogwild, simulate, type ReplicaReport } from '@convoy/engine';
import { lineCharts, plotReport, type LineChart } from '@convoy/plots';
import { describe, expect, test } from 'vitest';

/** Attributes of all elements of a name. */
function elements(svg: string, name: string): Record<string, string>[] {
  return [...svg.matchAll(new RegExp(`<${name}((?: [\\w-]+="[^"]*")*)/?>`, 'g'))].map(([, attributes]) =>
    Object.fromEntries([...attributes.matchAll(/ ([\w-]+)="([^"]*)"/g)].map(([, key, value]) => [key, value])),
  );
}

function texts(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
}

/** Every element that is opened is closed, in order. */
function isBalanced(svg: string): boolean {
  const open: string[] = [];
  for (const [, closes, name, alone] of svg.matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g)) {
    if (closes && open.pop() !== name) return false;
    if (!closes && !alone) open.push(name);
  }
  return open.length === 0;
}

describe('charts of lines', () => {
  const chart: LineChart = {
    title: 'falls & rises',
    x: { label: 'time (s)', domain: [0, 10] },
    y: { label: 'accuracy (%)', domain: [0, 100] },
    series: [
      {
        name: 'one',
        points: [
          { x: 0, y: 0 },
          { x: 10, y: 100 },
        ],
      },
      { name: 'a < b', points: [{ x: 5, y: 50 }] },
    ],
  };
  const svg = lineCharts({ title: 'Title', subtitle: 'Subtitle', columns: 2, charts: [chart, chart] });

  test('name axes and series, each series once, and escape what is no name in SVG', () => {
    expect(isBalanced(svg)).toBe(true);
    expect(texts(svg).filter((text) => text === 'one')).toHaveLength(1);
    expect(texts(svg)).toEqual(expect.arrayContaining(['Title', 'a &lt; b', 'falls &amp; rises', 'time (s)']));
  });

  test('put a point where its values are on the axes', () => {
    const [left, right] = elements(svg, 'rect').filter(({ stroke }) => stroke !== undefined);
    const [x, y] = [Number(left.x) + Number(left.width) / 2, Number(left.y) + Number(left.height) / 2];
    expect(svg).toContain(`translate(${x.toFixed(2)},${y.toFixed(2)})`);
    expect(Number(right.x)).toBeGreaterThan(Number(left.x) + Number(left.width));
  });

  test('keep all text inside the picture, also a long subtitle over one chart', () => {
    const long = 'many-words '.repeat(30).trim();
    const narrow = lineCharts({ title: 'Title', subtitle: long, columns: 1, charts: [chart] });
    const [{ width, height }] = elements(narrow, 'svg');
    const lines = texts(narrow).filter((text) => text.startsWith('many'));
    expect(lines.join(' ')).toBe(long);
    for (const line of lines) expect(6.6 * line.length).toBeLessThan(Number(width));
    for (const { y } of elements(narrow, 'text').filter((each) => each.y)) {
      expect(Number(y)).toBeLessThan(Number(height));
    }
  });
});

describe('the plot of a report', () => {
  const report: ReplicaReport = {
    strategy: 'hogwild',
    seconds: 4,
    updates: { applied: 30, lostShare: 0.125, partial: 1 },
    staleness: [20, 10],
    order: null,
    replicas: [
      { batches: 10, batchesPerSecond: 2.5, busySeconds: 1, waitingSeconds: 3, device: null, lost: false },
      { batches: 20, batchesPerSecond: 5, busySeconds: 3, waitingSeconds: 1, device: null, lost: false },
    ],
  };

  test('has a bar for each staleness, as high as its updates', () => {
    const [once, twice] = elements(plotReport(report), 'rect').filter(({ fill }) => fill === '#0072b2');
    expect(Number(once.height)).toBeCloseTo(2 * Number(twice.height), 1);
  });

  test('has a bar for the time that each replica has computed, and one for what it has waited', () => {
    const bars = elements(plotReport(report), 'rect').slice(1);
    const [computed, waited] = ['#009e73', '#e69f00'].map((colour) =>
      bars.filter(({ fill, width }) => fill === colour && width !== '12').map(({ width }) => Number(width)),
    );
    expect(computed[1]).toBeCloseTo(3 * computed[0], 1);
    expect(waited[0]).toBeCloseTo(3 * waited[1], 1);
    expect(computed[0] + waited[0]).toBeCloseTo(computed[1] + waited[1], 1);
  });

  test('says what a table would say', () => {
    expect(texts(plotReport(report))).toEqual(
      expect.arrayContaining(['hogwild, 2 replicas', '30 updates in 4.00 s; 12.50 % lost, 1 partial']),
    );
  });

  test('of hundreds of simulated replicas stays on a page', async () => {
    const svg = plotReport(await simulate(hogwild(), { replicas: 500, batches: 2000, computeMs: 3 }));
    expect(isBalanced(svg)).toBe(true);
    expect(Number(elements(svg, 'svg')[0].height)).toBeLessThan(800);
  });
});
