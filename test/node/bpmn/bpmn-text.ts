// BPMN files for tests, short enough to be read: `process('<startEvent id="s"/> …')`; sequence flows as `flow('a', 'b')`.
const NAMESPACES =
  'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:millrace="urn:millrace:bpmn:1" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="urn:test"';

export function definitions(content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<definitions ${NAMESPACES}>\n${content}\n</definitions>`;
}

/** A file with one executable process `p`; `roots` stand beside it. */
export function process(content: string, roots = ''): string {
  return definitions(`${roots}<process id="p" isExecutable="true">${content}</process>`);
}

/** `flow('a', 'b', 'x > 1')`: a sequence flow with the id `a-b`. */
export function flow(from: string, to: string, condition?: string): string {
  const inside = condition === undefined ? '' : `<conditionExpression>${escaped(condition)}</conditionExpression>`;
  return `<sequenceFlow id="${from}-${to}" sourceRef="${from}" targetRef="${to}">${inside}</sequenceFlow>`;
}

/** `path('s', 'a', 'e')`: the flows of a sequence. */
export function path(...ids: readonly string[]): string {
  return ids
    .slice(1)
    .map((to, i) => flow(ids[i]!, to))
    .join('');
}

/** A script task that appends `SCRIPT_<id>` to the trace. */
export function script(id: string, more = '', attributes = ''): string {
  return `<scriptTask id="${id}" ${attributes}>${more}<script>SCRIPT_${id}</script></scriptTask>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
