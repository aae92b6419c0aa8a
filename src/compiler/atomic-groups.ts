// An atomic sphere has one start and one end, at which it commits: it is carried out as a subflow. Members that are no
// subflow yet are grouped into one that bears the sphere's id.
import type { FlowDefinition, SphereDefinition, SubflowDefinition } from '../model/index.js';

/** The flow with every atomic sphere naming exactly one subflow. The definition itself stays as it was written. */
export function groupAtomicSpheres(flow: FlowDefinition): FlowDefinition {
  const subflows: Record<string, SubflowDefinition> = { ...flow.subflows };
  const taken = (id: string): boolean => subflows[id] !== undefined || flow.activities.some((a) => a.id === id);
  const spheres = (flow.spheres ?? []).map((sphere): SphereDefinition => {
    const { id, kind, activities } = sphere;
    // An id that is used twice is left for the check to report.
    if (kind !== 'atomic' || isSubflow(subflows, activities) || taken(id)) return sphere;
    const around = Object.keys(subflows).find((s) => activities.every((a) => subflows[s]!.activities.includes(a)));
    if (around !== undefined) {
      const rest = subflows[around]!.activities.filter((a) => !activities.includes(a));
      subflows[around] = { ...subflows[around]!, activities: [...rest, id] };
    }
    subflows[id] = { activities };
    return { ...sphere, activities: [id] };
  });
  return flow.spheres?.some((s) => s.kind === 'atomic') ? { ...flow, subflows, spheres } : flow;
}

/** Ids of the subflows that commit as a whole or not at all. */
export function atomicSubflows(flow: FlowDefinition): readonly string[] {
  return (flow.spheres ?? [])
    .filter((s) => s.kind === 'atomic' && isSubflow(flow.subflows ?? {}, s.activities))
    .map((s) => s.activities[0]!);
}

function isSubflow(subflows: Readonly<Record<string, SubflowDefinition>>, activities: readonly string[]): boolean {
  return activities.length === 1 && subflows[activities[0]!] !== undefined;
}
