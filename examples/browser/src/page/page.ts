/** Entry of the page: starts the worker and shows what it tells. It computes nothing. */
import type { News, Recipe } from '../messages.js';
import { drawChart, means, type Scale } from './chart.js';
import { drawGuesses } from './draw-guesses.js';

/** One test image for so many to train on. */
const TRAINED_FOR_TEST = 4;

const LOSS: Scale = { top: 2.5, label: (value) => value.toFixed(1) };
const ACCURACY: Scale = { top: 1, label: (value) => `${Math.round(100 * value)} %` };

const element = <E extends HTMLElement>(id: string): E => document.getElementById(id) as E;
const form = element<HTMLFormElement>('recipe');
const button = element<HTMLButtonElement>('train');
const progress = element<HTMLProgressElement>('progress');
const status = element('status');

let losses: number[] = [];
let accuracies: number[] = [];
let steps = 0;
let redraw = 0;

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const given = new FormData(form);
  const number = (name: string): number => Number(given.get(name));
  start({
    images: number('images'),
    testImages: Math.ceil(number('images') / TRAINED_FOR_TEST),
    epochs: number('epochs'),
    batchSize: number('batchSize'),
    seed: number('seed'),
  });
});

function start(recipe: Recipe): void {
  clear();
  say('running', 'Opening the device and compiling the shaders …');
  button.disabled = true;
  const worker = new Worker(new URL('../worker/trainer.js', import.meta.url), { type: 'module' });
  const end = (state: 'done' | 'failed', text: string): void => {
    worker.terminate();
    say(state, text);
    button.disabled = false;
  };
  worker.addEventListener('message', ({ data }: MessageEvent<News>) => show(data, end));
  worker.addEventListener('error', ({ message, filename }) => end('failed', message || `Cannot load ${filename}`));
  worker.postMessage(recipe);
}

function show(news: News, end: (state: 'done' | 'failed', text: string) => void): void {
  switch (news.type) {
    case 'adapter':
      element('badge').textContent = news.software ? 'software adapter' : 'GPU';
      element('badge').dataset['kind'] = news.software ? 'software' : 'gpu';
      element('adapter').textContent = news.name;
      element('warning').hidden = !news.software;
      return;
    case 'begin':
      steps = news.steps;
      progress.max = steps;
      return;
    case 'step':
      losses.push(news.loss);
      accuracies.push(news.accuracy);
      element('rate').textContent = Math.round(news.examplesPerSecond).toLocaleString('en-US');
      element('steps').append(row([String(losses.length), news.loss.toFixed(6), news.accuracy.toFixed(4)]));
      say('running', `Step ${losses.length} of ${steps}`);
      redraw ||= requestAnimationFrame(draw);
      return;
    case 'end':
      draw();
      element('test-accuracy').textContent = percent(news.testAccuracy);
      element('results').hidden = false;
      drawGuesses(element('guesses'), news.guesses);
      end('done', `Trained ${losses.length} steps in ${news.seconds.toFixed(1)} s.`);
      return;
    case 'failed':
      end('failed', news.message);
  }
}

function draw(): void {
  redraw = 0;
  progress.value = losses.length;
  element('loss').textContent = means(losses).at(-1)?.toFixed(3) ?? '–';
  element('accuracy').textContent = accuracies.length === 0 ? '–' : percent(means(accuracies).at(-1) as number);
  drawChart(element('loss-chart'), losses, steps, LOSS);
  drawChart(element('accuracy-chart'), accuracies, steps, ACCURACY);
}

function clear(): void {
  losses = [];
  accuracies = [];
  steps = 0;
  for (const id of ['rate', 'test-accuracy']) element(id).textContent = '–';
  element('steps').replaceChildren();
  element('results').hidden = true;
  draw();
}

function say(state: 'idle' | 'running' | 'done' | 'failed', text: string): void {
  status.textContent = text;
  status.dataset['state'] = state;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function row(cells: readonly string[]): Element {
  const line = document.createElement('tr');
  line.append(
    ...cells.map((text) => {
      const cell = document.createElement('td');
      cell.textContent = text;
      return cell;
    }),
  );
  return line;
}

draw();
