import type { ReplicaReport } from '@convoy/engine';
import { legend } from './chart/legend.js';
import { MARGIN, Plane } from './chart/plane.js';
import { colourOf } from './chart/series-style.js';
import { element, label, picture, type Svg } from './chart/svg.js';

const EDGE = 16;
const TITLES = 56;
const WIDTH = { staleness: 470, time: 470 } as const;
/** Of the legend. */
const KEY = 176;
const LEAST_HEIGHT = 250;
/** A bar of a replica, and the height from which on bars get thinner instead. */
const BAR = 26;
const MOST_HEIGHT = 600;
/** Numbers of colours. */
const SERIES = { updates: 4, busy: 3, waiting: 1 } as const;

/**
 * What a run with several replicas has come to, as an SVG picture: how many updates were how stale, and what time each replica has computed
 * and waited. Of `history.report`, or of `simulate`.
 */
export function plotReport(report: ReplicaReport): string {
  const { strategy, updates, seconds, replicas } = report;
  const top = EDGE + TITLES;
  const rows = Math.min(MOST_HEIGHT, BAR * replicas.length) + MARGIN.top + MARGIN.bottom;
  const height = Math.max(LEAST_HEIGHT, rows);
  const lost = `${(100 * updates.lostShare).toFixed(2)} % lost, ${updates.partial} partial`;
  const title = `${strategy}, ${replicas.length} ${replicas.length === 1 ? 'replica' : 'replicas'}`;
  const subtitle = `${updates.applied.toLocaleString('en-US')} updates in ${seconds.toFixed(2)} s; ${lost}`;
  const right = EDGE + WIDTH.staleness;
  const key = legend(
    [
      { name: 'computing', kind: 'area', series: SERIES.busy },
      { name: 'waiting', kind: 'area', series: SERIES.waiting },
    ],
    { left: right + WIDTH.time - MARGIN.right - KEY, top: top + 12, width: KEY },
  );
  return picture({ width: right + WIDTH.time + EDGE, height: top + height + EDGE }, title, [
    label(title, { x: EDGE + 8, y: EDGE + 20, 'font-size': 18, 'font-weight': 600 }),
    label(subtitle, { x: EDGE + 8, y: EDGE + 42, fill: '#666666' }),
    ...stalenessIn({ left: EDGE, top, width: WIDTH.staleness, height }, report),
    ...timeIn({ left: right, top, width: WIDTH.time, height }, report),
    ...key.parts,
  ]);
}

type Place = ConstructorParameters<typeof Plane>[0];

function stalenessIn(box: Place, { staleness }: ReplicaReport): Svg[] {
  const most = Math.max(1, ...staleness);
  const plane = new Plane(box, {
    x: {
      label: "staleness: others' updates in between",
      domain: [-0.5, Math.max(3, staleness.length) - 0.5],
      integers: true,
    },
    y: { label: 'updates', domain: [0, 1.05 * most], integers: true },
  });
  const bars = staleness.map((count, stale) => {
    const [left, right] = [plane.x(stale - 0.4), plane.x(stale + 0.4)];
    const [top, bottom] = [plane.y(count), plane.y(0)];
    return bar({ left, top, width: right - left, height: bottom - top }, SERIES.updates);
  });
  return [...plane.grid('Staleness of the updates'), ...bars, plane.border()];
}

function timeIn(box: Place, { replicas, seconds }: ReplicaReport): Svg[] {
  const longest = Math.max(seconds, ...replicas.map((each) => each.busySeconds + each.waitingSeconds), 1e-9);
  const plane = new Plane(
    box,
    {
      x: { label: 'time (s)', domain: [0, longest] },
      y: { label: 'replica', domain: [-0.5, replicas.length - 0.5], integers: true },
    },
    false,
  );
  const bars = replicas.flatMap(({ busySeconds, waitingSeconds }, replica) => {
    const [top, bottom] = [plane.y(replica - 0.38), plane.y(replica + 0.38)];
    const [start, busy, end] = [plane.x(0), plane.x(busySeconds), plane.x(busySeconds + waitingSeconds)];
    return [
      bar({ left: start, top, width: busy - start, height: bottom - top }, SERIES.busy),
      bar({ left: busy, top, width: end - busy, height: bottom - top }, SERIES.waiting),
    ];
  });
  return [...plane.grid('Time of the replicas'), ...bars, plane.border()];
}

function bar({ left, top, width, height }: Place, series: number): Svg {
  return element('rect', { x: left, y: top, width, height, fill: colourOf(series) });
}
