import type { Window } from '@convoy/engine';
import type { View } from '@convoy/engine/kernels';
import { imageOf, tapsAlong, type Image, type Taps } from '../image.js';

/** How a convolution's windows lie on its input. */
export interface Windows {
  readonly image: Image;
  readonly result: Image;
  /** [R, S, C, K] */
  readonly filter: readonly number[];
  /** For each row and column of the result, the taps that lie inside the input. */
  readonly rowTaps: readonly Taps[];
  readonly columnTaps: readonly Taps[];
}

/** Of the convolution of `x` with `filter` to `y`, or of its gradients, which have the same three shapes. */
export function windowsOf(x: View, filter: View, y: View, attributes: Window): Windows {
  const image = imageOf(x, attributes.dataFormat);
  const result = imageOf(y, attributes.dataFormat);
  const [R = 0, S = 0] = filter.shape;
  return {
    image,
    result,
    filter: filter.shape,
    rowTaps: tapsAlong(result.height, R, image.height, 0, attributes),
    columnTaps: tapsAlong(result.width, S, image.width, 1, attributes),
  };
}
