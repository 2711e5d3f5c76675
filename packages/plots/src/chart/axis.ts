/** What stands along one side of a chart. */
export interface Axis {
  /** With its unit. */
  readonly label: string;
  readonly domain: readonly [number, number];
  /** Whether only integers are marked. Default: false. */
  readonly integers?: boolean;
}
