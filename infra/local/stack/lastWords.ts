/** Below an error: where it was thrown, and what Node.js adds. */
const addition = /^(at |Node\.js v|[{}^])/;

/**
 * Of what a program wrote, the line that says why it ended: the last that names an error, the one below serverless.js's
 * heading, or the last there is.
 *
 * @returns '' when it wrote nothing
 */
export function toLastWords(lines: readonly string[]): string {
  const texts = lines.map((line) => line.trim()).filter((line) => line !== '');
  const error = texts.findLast((line) => /Error: \S/.test(line));
  const heading = texts.lastIndexOf('Error:');
  const [first = '', second = ''] = heading < 0 ? [] : texts.slice(heading + 1);
  const headed = first.endsWith(':') ? `${first} ${second}` : first;
  return (error ?? headed) || (texts.findLast((line) => !addition.test(line)) ?? texts.at(-1) ?? '');
}
