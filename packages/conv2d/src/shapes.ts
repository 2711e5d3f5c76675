import { axesOf, formatShape, outputLength, ValueError, type Shape, type Window } from '@convoy/engine';

/** [N, P, Q, K] or [N, K, P, Q] of a convolution of `input` with a filter [R, S, C, K]. */
export function outputShape(where: string, input: Shape, filter: Shape, window: Window): Shape {
  const { channels, height, width } = axesOf(window.dataFormat);
  const [r, s, c, k] = filter as readonly number[];
  if (input[channels] !== c) {
    throw new ValueError(
      `${where}: number of input channels does not match corresponding dimension of filter, ` +
        `${input[channels]} != ${c} (input ${formatShape(input)} ${window.dataFormat}, filter ${formatShape(filter)})`,
      'SHAPE_MISMATCH',
    );
  }
  const p = outputLength(where, 'height', input[height] as number, r, window);
  const q = outputLength(where, 'width', input[width] as number, s, window);
  return window.dataFormat === 'channelsLast' ? [input[0], p, q, k] : [input[0], k, p, q];
}

/** @throws ValueError unless the input has rank 4 and the filter is [R, S, C, K], the same for all examples */
export function checkRanks(where: string, image: Shape, imageName: string, filter: Shape): void {
  if (image.length !== 4) {
    throw new ValueError(`${where}: ${imageName} must have rank 4, got ${formatShape(image)}`, 'RANK');
  }
  if (filter.length !== 4 || filter.includes(null)) {
    throw new ValueError(
      `${where}: the filter must be [kernelHeight, kernelWidth, inChannels, filters], got ${formatShape(filter)}`,
      'RANK',
    );
  }
}
