// What has failed, said once more at the end of a long output: the summary is often all that is kept of it.
import { stripVTControlCharacters } from 'node:util';

/** How the suites mark what has failed. */
const MARK = /^(✖|✗|𐄂|❌|VIOLATION|seed \d+ \()/u;
/** Lines told of one suite; whoever has more failures reads its output. */
const TOLD = 20;

/** Runs something, and gives its result with all that was shown meanwhile. */
export async function heard(work) {
  let output = '';
  const { stdout } = process;
  const write = stdout.write;
  stdout.write = (chunk, ...rest) => {
    output += chunk;
    return write.call(stdout, chunk, ...rest);
  };
  try {
    return { result: await work(), output };
  } finally {
    stdout.write = write;
  }
}

/** The lines that name what has failed, each once. */
export function failuresIn(output) {
  const lines = stripVTControlCharacters(output).split('\n');
  const marked = lines.map((line) => line.trim()).filter((line) => MARK.test(line) && line !== '✖ failing tests:');
  return [...new Set(marked)].slice(0, TOLD);
}
