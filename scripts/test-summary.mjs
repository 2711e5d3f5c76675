import { existsSync, readFileSync } from 'node:fs';

/**
 * `N passed, N failed`, and `, N skipped` when there are any, from the JSON results of vitest and its exit code. A file that fails
 * with none of its tests (it does not load, or a hook throws) counts as one failed, and so does an error outside of all files.
 */
export function summarize(resultsFile, exitCode) {
  const results = existsSync(resultsFile) ? JSON.parse(readFileSync(resultsFile, 'utf8')) : { testResults: [] };
  const { numPassedTests: passed = 0, numFailedTests = 0, numPendingTests = 0, numTodoTests = 0 } = results;
  const failedFiles = results.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.every((each) => each.status !== 'failed'),
  );
  const counted = numFailedTests + failedFiles.length;
  const failed = counted === 0 && exitCode !== 0 ? 1 : counted;
  const skipped = numPendingTests + numTodoTests;
  return { failed, line: `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}` };
}
