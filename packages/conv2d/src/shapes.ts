import { axesOf, formatShape, outputImage, ValueError, type Shape, type Window } from '@convoy/engine';

/** [N, P, Q, K] or [N, K, P, Q] of a convolution of `input` with a filter [R, S, C, K]. */
export function outputShape(input: Shape, filter: Shape, window: Window): Shape {
  const [c, k] = [filter[2], filter[3] ?? null];
  const channels = input[axesOf(window.dataFormat).channels];
  if (channels !== c) {
    throw new ValueError(
      `number of input channels does not match corresponding dimension of filter, ` +
        `${channels} != ${c} (input ${formatShape(input)} ${window.dataFormat}, filter ${formatShape(filter)})`,
      'SHAPE_MISMATCH',
    );
  }
  return outputImage(input, { name: 'kernel', shape: filter }, window, k);
}

/** @throws ValueError unless the image has rank 4 and the filter is [R, S, C, K], the same for all examples */
export function checkRanks(image: Shape, imageName: string, filter: Shape): void {
  if (image.length !== 4) throw new ValueError(`${imageName} must have rank 4, got ${formatShape(image)}`, 'RANK');
  if (filter.length !== 4 || filter.includes(null)) {
    throw new ValueError(
      `the filter must be [kernelHeight, kernelWidth, inChannels, filters], got ${formatShape(filter)}`,
      'RANK',
    );
  }
}
