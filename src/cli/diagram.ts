// `millrace diagram`: pictures of a definition.
import { compile, FlowError } from '../index.js';
import { EXIT, type Command } from './command.js';
import { loadDefinitions } from './load.js';
import { mermaidGraph, svgGraph, svgSequence } from '../inspect/index.js';

const FORMATS: Readonly<Record<string, (flow: Awaited<ReturnType<typeof compile>>) => string>> = {
  mermaid: (flow) => mermaidGraph(flow),
  svg: (flow) => svgGraph(flow),
  sequence: (flow) => svgSequence(flow),
  xstate: (flow) => JSON.stringify(flow.machine, null, 2),
};

export const command: Command = {
  summary: 'draw a definition',
  usage: `millrace diagram FILE [--flow NAME] [--format ${Object.keys(FORMATS).join('|')}]

Writes a picture of the flow to standard output.

  mermaid   a graph as Mermaid text (default)
  svg       a graph as an SVG picture, light or dark as its reader wants
  sequence  a sequence diagram as an SVG picture: whom the flow asks for what
  xstate    the configuration of the XState machine that runs it, as JSON`,
  options: { format: { type: 'string', default: 'mermaid' }, flow: { type: 'string' } },
  async run([file], { format, flow: name }, { out }) {
    if (file === undefined) throw new FlowError('CLI-USAGE', 'Name a file: millrace diagram FILE');
    const draw = FORMATS[String(format)];
    if (!draw)
      throw new FlowError(
        'CLI-USAGE',
        `There is no format "${String(format)}"; there are ${Object.keys(FORMATS).join(', ')}.`,
      );
    const { definitions } = await loadDefinitions(file);
    const definition = name === undefined ? definitions[0] : definitions.find((d) => d.flow === name);
    if (!definition) throw new FlowError('CLI-USAGE', `There is no flow "${String(name)}" in ${file}.`);
    out(draw(await compile(definition)));
    return EXIT.ok;
  },
};
