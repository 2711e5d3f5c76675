/** Images as the tiles read them: channels last, with zeros around. */

/** Floats of scratch up to the next multiple of 16 bytes. */
export function alignedFloats(floats: i32): i32 {
  return (floats + 3) & ~3;
}

/**
 * One image, [height][width][channels] or [channels][height][width], to [paddedHeight][paddedWidth][channels] with its first pixel at
 * (top, left) and zeros where there is no image; what does not fit is left out.
 */
export function padImage(
  x: usize,
  height: i32,
  width: i32,
  channels: i32,
  channelsLast: bool,
  padded: usize,
  top: i32,
  left: i32,
  paddedHeight: i32,
  paddedWidth: i32,
): void {
  const rowBytes = (<usize>(paddedWidth * channels)) << 2;
  const columns = max(0, min(width, paddedWidth - left));
  const leftBytes = (<usize>(left * channels)) << 2;
  const insideBytes = (<usize>(columns * channels)) << 2;
  for (let i = 0; i < paddedHeight; i++) {
    const row = padded + <usize>i * rowBytes;
    const h = i - top;
    if (h < 0 || h >= height || columns == 0) {
      memory.fill(row, 0, rowBytes);
      continue;
    }
    memory.fill(row, 0, leftBytes);
    if (channelsLast) memory.copy(row + leftBytes, x + ((<usize>(h * width * channels)) << 2), insideBytes);
    else toChannelsLast(x + ((<usize>(h * width)) << 2), height * width, columns, channels, row + leftBytes);
    memory.fill(row + leftBytes + insideBytes, 0, rowBytes - leftBytes - insideBytes);
  }
}

/** [channels][pixels], planes `plane` floats apart, to [pixels][channels]. */
export function toChannelsLast(x: usize, plane: i32, pixels: i32, channels: i32, y: usize): void {
  for (let c = 0; c < channels; c++) {
    let from = x + ((<usize>(c * plane)) << 2);
    let to = y + ((<usize>c) << 2);
    for (let i = 0; i < pixels; i++) {
      store<f32>(to, load<f32>(from));
      from += 4;
      to += (<usize>channels) << 2;
    }
  }
}

/** [pixels][channels] to [channels][pixels]. */
export function toChannelsFirst(x: usize, pixels: i32, channels: i32, y: usize): void {
  for (let c = 0; c < channels; c++) {
    let from = x + ((<usize>c) << 2);
    let to = y + ((<usize>(c * pixels)) << 2);
    for (let i = 0; i < pixels; i++) {
      store<f32>(to, load<f32>(from));
      from += (<usize>channels) << 2;
      to += 4;
    }
  }
}
