import type { Guess } from '../messages.js';

/** Each image with its prediction below; mistakes first. */
export function drawGuesses(into: Element, guesses: readonly Guess[]): void {
  const isWrong = ({ truth, predicted }: Guess): number => (truth === predicted ? 0 : 1);
  into.replaceChildren(...guesses.toSorted((a, b) => isWrong(b) - isWrong(a)).map(figureOf));
}

function figureOf({ image, side, truth, predicted }: Guess): Element {
  const canvas = document.createElement('canvas');
  canvas.width = side;
  canvas.height = image.length / side;
  const pixels = new ImageData(canvas.width, canvas.height);
  image.forEach((grey, i) => pixels.data.set([grey, grey, grey, 255], 4 * i));
  canvas.getContext('2d')?.putImageData(pixels, 0, 0);
  const caption = document.createElement('figcaption');
  caption.textContent = truth === predicted ? `${predicted}` : `${predicted}, is ${truth}`;
  const figure = document.createElement('figure');
  figure.className = truth === predicted ? 'right' : 'wrong';
  figure.append(canvas, caption);
  return figure;
}
