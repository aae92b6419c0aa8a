// llms.txt (llmstxt.org): what the project is and where everything stands, for programs that read.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONTENTS } from '../site/contents.mjs';

export function llmsText(root, generated) {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const summary = /^# Millrace\n\n([\s\S]*?)\n\n/.exec(readme)[1].replaceAll('\n', ' ');
  const line = (file) => {
    const text = generated[file] ?? (existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : '');
    return `- [${titleOf(text)}](${file}): ${firstSentence(text)}`;
  };
  const sections = CONTENTS.map(
    ({ title, files }) =>
      `## ${title}\n\n${files
        .filter((file) => file in generated || existsSync(join(root, file)))
        .map(line)
        .join('\n')}`,
  );
  return `# Millrace\n\n> ${summary}\n\nFlows are JSON (schema: millrace/flow.schema.json) with JSONata expressions. \`npx millrace check FILE\` lists every mistake with a code.\n\n${sections.join('\n\n')}\n`;
}

export function titleOf(text) {
  return /^# (.*)$/m.exec(text)?.[1] ?? '';
}

function firstSentence(text) {
  const paragraph =
    text
      .split('\n\n')
      .slice(1)
      .find((part) => /^[A-Z`*<[]/.test(part) && !part.startsWith('```')) ?? '';
  const plain = paragraph
    .replaceAll('\n', ' ')
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll('**', '');
  const sentence = /^.*?[.?](?= |$)/.exec(plain)?.[0] ?? plain;
  return sentence.length > 240 ? `${sentence.slice(0, sentence.lastIndexOf(' ', 240))} …` : sentence;
}
