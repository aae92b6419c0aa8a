// Where everything lies in a picture of a flow: left to right in layers (Sugiyama, Tagawa, Toda, "Methods for visual
// understanding of hierarchical system structures", 1981), a subflow as a box with a layout of its own inside. What goes back
// runs above its loop. Flows of blocks, loops and subflows have no crossing. Pure numbers: the drawing is somebody else's.
import type { CompiledFlow, Plan } from '../compiler/index.js';
import { layersOf, type Item, type Lanes } from './layers.js';
import { place } from './place.js';

export interface Point {
  readonly x: number;
  readonly y: number;
}
export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}
export interface PlacedActivity extends Box {
  readonly id: string;
  /** Boundary events, on the lower edge: centre points by event id. */
  readonly events: Readonly<Record<string, Point>>;
  /** A subflow drawn without what is in it. */
  readonly isCollapsed?: true;
}
export interface PlacedConnector {
  readonly id: string;
  readonly points: readonly Point[];
  /** It goes back. */
  readonly isBack: boolean;
}
export interface Lane {
  /** A role, or `""` for what no person does. */
  readonly role: string;
  readonly y: number;
  readonly height: number;
}
export interface FlowLayout {
  readonly width: number;
  readonly height: number;
  /** Outer boxes before what lies in them. */
  readonly activities: readonly PlacedActivity[];
  readonly connectors: readonly PlacedConnector[];
  /** From top to bottom; only where they were asked for. */
  readonly lanes?: readonly Lane[];
}

export interface LayoutOptions {
  /** Subflows whose inside is not shown. */
  readonly collapsed?: ReadonlySet<string>;
  /** One lane for every role, and one for what no person does. A subflow stands in the lane of the only role in it. */
  readonly lanes?: boolean;
}

/** Puts the parts of a flow into a picture, in px. Another layout engine can take its place. */
export type Layouter = (flow: Pick<CompiledFlow, 'plan'>, options?: LayoutOptions) => FlowLayout;

export const layOutFlow: Layouter = ({ plan }, options = {}) => layOutBody(plan, '', options);

function layOutBody(plan: Plan, body: string, options: LayoutOptions): FlowLayout {
  const isCollapsed = (id: string): boolean => options.collapsed?.has(id) ?? false;
  const inner = (id: string): FlowLayout | undefined => (isCollapsed(id) ? undefined : layOutBody(plan, id, options));
  const lanes = options.lanes && body === '' ? lanesOf(plan) : undefined;
  const layered = layersOf(plan, body, inner, lanes);
  return place(layered, lanes);
}

/** Roles in the order in which the flow names them, after what no person does. */
function lanesOf(plan: Plan): Lanes {
  const found = plan.bodies['']!.activities.map((id) => roleIn(plan, id));
  const named = [...Object.keys(plan.flow.roles ?? {}), ...found];
  const roles = ['', ...new Set(named)].filter((role, i, all) => all.indexOf(role) === i && found.includes(role));
  return { roles, laneOf: (item: Item) => (item.activity ? roles.indexOf(roleIn(plan, item.activity.id)) : -1) };
}

/** The role that does it; of a subflow, the only one in it. */
function roleIn(plan: Plan, id: string): string {
  const { type, definition } = plan.activities[id]!;
  if (type !== 'subflow') return type === 'user' ? (definition.role ?? 'somebody') : '';
  const roles = new Set(
    plan.bodies[id]!.activities.map((inside) => roleIn(plan, inside)).filter((role) => role !== ''),
  );
  return roles.size === 1 ? [...roles][0]! : '';
}
