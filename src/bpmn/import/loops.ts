// Loop and multi-instance markers. A standard loop goes on while its condition is true; `loopMaximum` ends it without an
// error, so it becomes part of the condition.
import { flag, is, nameOf, number, one, type BpmnElement } from '../elements.js';
import { bodyOf, expressionIn, expressionOf, variableName, type LoopDefinition, type Scene } from './scene.js';
import { plain } from './vendor.js';

export function loopOf(scene: Scene, node: BpmnElement): LoopDefinition | undefined {
  const loop = one(node, 'loopCharacteristics');
  if (!loop) return undefined;
  return is(loop, 'StandardLoopCharacteristics') ? standardLoop(scene, node, loop) : multiInstance(scene, node, loop);
}

function standardLoop(scene: Scene, node: BpmnElement, loop: BpmnElement): LoopDefinition | undefined {
  const before = flag(loop, 'testBefore') === true;
  const maximum = number(loop, 'loopMaximum');
  const expression = one(loop, 'loopCondition');
  const round = before ? '(index + 1)' : 'index + 1';
  const condition = expressionOf(scene, expression, {
    names: true,
    rename: { loopCounter: round.startsWith('(') ? round : `(${round})` },
  });
  const said = bodyOf(expression);
  if (condition === undefined && said !== undefined)
    scene.report.inPart(
      node,
      `Its loop condition cannot be evaluated: ${said}${maximum === undefined ? ' It is done once.' : ''}`,
    );
  else if (condition === undefined && maximum === undefined)
    scene.report.inPart(node, 'Its loop has neither condition nor maximum, so it is done once.');
  if (condition === undefined && maximum === undefined) return undefined;
  if (before) {
    const parts = [
      ...(condition === undefined ? [] : [maximum === undefined ? condition : `(${condition})`]),
      ...(maximum === undefined ? [] : [`index < ${maximum}`]),
    ];
    return { kind: 'while', condition: parts.join(' and ') };
  }
  const over = condition === undefined ? [] : [`((${condition}) ? false : true)`];
  return {
    kind: 'until',
    condition: [...over, ...(maximum === undefined ? [] : [`index + 1 >= ${maximum}`])].join(' or '),
  };
}

function multiInstance(scene: Scene, node: BpmnElement, loop: BpmnElement): LoopDefinition | undefined {
  const { vendors } = scene;
  const zeebe = vendors.child(loop, 'zeebe', 'loopCharacteristics');
  const sequential = flag(loop, 'isSequential') === true;
  const items = itemsOf(scene, loop, zeebe);
  if (items === undefined) {
    scene.report.inPart(
      node,
      'Its multi-instance marker says neither how many nor over which collection in a way that is understood; it is done once.',
    );
    return undefined;
  }
  const item =
    vendors.attribute(loop, 'camunda', 'elementVariable') ??
    plain(zeebe, 'inputElement') ??
    nameOf(one(loop, 'inputDataItem'));
  const output = one(loop, 'loopDataOutputRef');
  const collect = plain(zeebe, 'outputCollection') ?? (output ? outputVariable(node, output) : undefined);
  const completion = completionOf(scene, node, loop, sequential);
  return {
    kind: 'forEach',
    items,
    ...(item === undefined ? {} : { item }),
    ...(sequential ? { sequential: true } : {}),
    ...(completion === undefined ? {} : { completion }),
    ...(collect === undefined ? {} : { collect }),
  };
}

function itemsOf(scene: Scene, loop: BpmnElement, zeebe: BpmnElement | undefined): string | undefined {
  const cardinality = expressionOf(scene, one(loop, 'loopCardinality'), { names: true });
  if (cardinality !== undefined) return cardinality;
  const foreign = scene.vendors.attribute(loop, 'camunda', 'collection') ?? plain(zeebe, 'inputCollection');
  if (foreign !== undefined) return expressionIn(scene, foreign, { names: true });
  const input = one(loop, 'loopDataInputRef');
  if (!input) return undefined;
  const name = sourceVariable(loop.$parent, input);
  scene.draft.reads.add(name);
  return name;
}

/** The variable that feeds a data input, or the input's own name. */
function sourceVariable(node: BpmnElement | undefined, input: BpmnElement): string {
  const associations = node?.['dataInputAssociations'];
  const feeding = Array.isArray(associations)
    ? (associations as BpmnElement[]).find((a) => a['targetRef'] === input)
    : undefined;
  const sources = feeding?.['sourceRef'];
  const source = Array.isArray(sources) ? (sources as BpmnElement[])[0] : undefined;
  return variableName(referred(source) ?? input);
}

function outputVariable(node: BpmnElement, output: BpmnElement): string {
  const associations = node['dataOutputAssociations'];
  const taking = Array.isArray(associations)
    ? (associations as BpmnElement[]).find(
        (a) => Array.isArray(a['sourceRef']) && (a['sourceRef'] as unknown[]).includes(output),
      )
    : undefined;
  return variableName(referred(one(taking, 'targetRef')) ?? output);
}

/** A data object reference stands for its data object. */
export function referred(element: BpmnElement | undefined): BpmnElement | undefined {
  return one(element, 'dataObjectRef') ?? element;
}

function completionOf(scene: Scene, node: BpmnElement, loop: BpmnElement, sequential: boolean): string | undefined {
  const active = sequential ? '1' : '(total - done)';
  const rename = {
    numberOfInstances: 'total',
    numberOfActiveInstances: active,
    numberOfCompletedInstances: 'done',
    numberOfTerminatedInstances: '0',
    nrOfInstances: 'total',
    nrOfActiveInstances: active,
    nrOfCompletedInstances: 'done',
    loopCounter: 'index',
  };
  const expression = one(loop, 'completionCondition');
  const source = expressionOf(scene, expression, { names: true, rename });
  const said = bodyOf(expression);
  if (source === undefined && said !== undefined)
    scene.report.inPart(node, `Its completion condition cannot be evaluated: ${said} All instances are awaited.`);
  return source;
}
