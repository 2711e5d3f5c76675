/** Why a process ended, from what it printed: the last line that names an error, or just the last. */
export function reasonIn(printed: string): string {
  const lines = printed
    .split('\n')
    .map((line) => line.trimEnd())
    // Node ends with its version.
    .filter((line) => line !== '' && !/^Node\.js v\d/.test(line));
  const named = lines.findLast((line) => /^(Uncaught )?[\w.]*(Error|Exception)\b/.test(line));
  return named ?? lines.at(-1) ?? 'it printed nothing';
}
