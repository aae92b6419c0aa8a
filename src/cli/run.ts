// `millrace run`: a definition in the memory host.
import { FlowError, type FailureData, type JsonObject, type TraceEvent } from '../index.js';
import { readScenario, runFlow, type RunOutcome } from '../testing/index.js';
import { EXIT, type Command, type Values } from './command.js';
import { loadDefinitions, loadImplementations, loadJson, parseJson } from './load.js';

export const command: Command = {
  summary: 'run a definition in memory and show what happens',
  usage: `millrace run FILE [FILE…] [options]

Runs the first flow of the first file; the others can be called by it. It ends when the flow is over, or rests.

  --flow NAME               another flow of these files
  --input JSON              the input data object, or @file.json
  --variables JSON          what the variables hold at the start, or @file.json
  --implementations MODULE  a JavaScript module that exports implementations by name
  --stub                    implementations that are not registered give null at once, and nothing is sent by HTTP;
                            without a script, people's tasks are done at once, too
  --virtual-time            timers do not wait: time jumps to the next one
  --script FILE             what people and the outside do: a JSON list of steps, each done as soon as the flow rests
                              { "complete": "Approve", "output": { "ok": true }, "user": { "id": "ann", "roles": ["boss"] } }
                              { "claim": "Approve", "user": … }   { "skip": "Pay", "output": … }
                              { "signal": { "name": "paid", "key": "7", "data": … } }
                              { "retry": true, "variables": … }   { "cancel": "changed my mind" }
                              { "wait": true, "after": "P1D" }    "after" may be given with every step
  --json                    a line per change of an activity's state:
                              {"activity":"A","state":"completed","token":"i1","scope":"","instance":"…","flow":"…","at":0}
                            and one at the end: {"outcome":"completed","output":{…},"variables":{…}}

Outcomes and exit codes: completed 0; failed, cancelled, or a step of the script was refused 1; a wrong command 2; waiting 3.`,
  options: {
    flow: { type: 'string' },
    input: { type: 'string' },
    variables: { type: 'string' },
    implementations: { type: 'string' },
    stub: { type: 'boolean' },
    'virtual-time': { type: 'boolean' },
    script: { type: 'string' },
    json: { type: 'boolean' },
  },
  async run(files, values, { out }) {
    if (files.length === 0) throw new FlowError('CLI-USAGE', 'Name a file: millrace run FILE');
    const flows = [];
    for (const file of files) flows.push(...(await loadDefinitions(file)).definitions);
    const flow = values['flow'] === undefined ? flows[0]! : flows.find((f) => f.flow === values['flow']);
    if (!flow)
      throw new FlowError(
        'CLI-USAGE',
        `There is no flow "${String(values['flow'])}" in these files, but ${flows.map((f) => `"${f.flow}"`).join(', ')}.`,
      );
    const { json } = values;
    const result = await runFlow(flow, {
      flows: flows.filter((f) => f !== flow),
      input: await objectOf(values, 'input'),
      variables: await objectOf(values, 'variables'),
      ...(typeof values['implementations'] === 'string'
        ? { implementations: await loadImplementations(values['implementations']) }
        : {}),
      ...(typeof values['script'] === 'string'
        ? { scenario: await readScenario(await loadJson(values['script'])) }
        : {}),
      stub: values['stub'] === true,
      virtualTime: values['virtual-time'] === true,
      trace: (event) => out(json ? JSON.stringify(lineOf(event)) : inWords(event)),
    });
    out(json ? JSON.stringify(lastLine(result)) : conclusion(result));
    if (result.refused.length > 0) return EXIT.failed;
    return result.outcome === 'completed' ? EXIT.ok : result.outcome === 'waiting' ? EXIT.waiting : EXIT.failed;
  },
};

async function objectOf(values: Values, option: string): Promise<JsonObject> {
  const value = values[option];
  if (typeof value !== 'string') return {};
  const data = value.startsWith('@') ? await loadJson(value.slice(1)) : parseJson(value, `--${option}`);
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) return data as JsonObject;
  throw new FlowError('CLI-USAGE', `--${option} is to be a JSON object: {"name": value}.`);
}

function lineOf({ activity, state, ...more }: TraceEvent): object {
  return { activity, state, ...more };
}

function lastLine({ outcome, output, variables, failure, tasks, waits, refused, left }: RunOutcome): object {
  return {
    outcome,
    output: output ?? {},
    variables,
    ...(failure ? { failure } : {}),
    ...(outcome === 'waiting' ? { tasks, waits } : {}),
    ...(refused.length > 0 ? { refused } : {}),
    ...(left.length > 0 ? { left } : {}),
  };
}

function inWords({ activity, state, attempt, failure }: TraceEvent): string {
  const again = (attempt ?? 1) > 1 ? ` (attempt ${attempt})` : '';
  return `${state.padEnd(13)}${activity}${again}${failure ? `: ${reason(failure)}` : ''}`;
}

function reason({ code, message }: FailureData): string {
  return `${code}: ${message}`;
}

function conclusion({ outcome, output, variables, failure, tasks, waits, refused, left }: RunOutcome): string {
  return [
    `-- ${outcome}${failure ? `: ${reason(failure)}` : ''}`,
    ...tasks.map((t) => `   for a person${t.role === undefined ? '' : ` with role "${t.role}"`}: ${t.name}`),
    ...waits.map(
      (w) =>
        `   for ${w.kind === 'timer' ? `a timer at ${new Date(w.at!).toISOString()}` : `the ${w.kind} "${w.name}"`}: ${w.activity}`,
    ),
    ...refused.map((r) => `   refused ${JSON.stringify(r.step)}: ${reason(r.failure)}`),
    ...(left.length > 0
      ? [`   ${left.length} step(s) of the script were not carried out, first ${JSON.stringify(left[0])}`]
      : []),
    ...(output ? [`   output ${JSON.stringify(output)}`] : []),
    `   variables ${JSON.stringify(variables)}`,
  ].join('\n');
}
