import { writeFileSync } from 'node:fs';

/**
 * A reporter of vitest for what its JSON report leaves out: errors outside the tests, such as a promise that was refused
 * while nobody waited for it. Written as JSON, an array of texts, into the file that OUTSIDE_TESTS names.
 */
export default class OutsideTests {
  /**
   * @param {unknown} _modules
   * @param {readonly { message: string, stack?: string, VITEST_TEST_PATH?: string }[]} errors
   */
  onTestRunEnd(_modules, errors) {
    const file = process.env['OUTSIDE_TESTS'];
    if (file === undefined) return;
    const texts = errors.map(
      ({ message, stack, VITEST_TEST_PATH: path }) =>
        `outside the tests${path === undefined ? '' : `, while ${path} ran`}\n${stack ?? message}`,
    );
    writeFileSync(file, JSON.stringify(texts));
  }
}
