// What a caller may see of an instance. Who may read everything or has started it sees all of it; who has a role in its flow
// sees that it goes on, and the tasks that are theirs; others see nothing.
import type { FailureData, FlowDefinition, InstanceView, TaskView, User } from '../../../src/index.js';
import { mayDo } from '../../../src/hosts/kit.js';
import type { Permissions } from '../settings.js';
import { may, type Principal } from './principal.js';

/** The definition of a view, to know whose roles it has work for. */
export type DefinitionOf = (tenant: string, hash: string) => Promise<FlowDefinition | undefined>;

export class Visibility {
  readonly #permissions: Permissions;
  readonly #definition: DefinitionOf;
  readonly #roles = new Map<string, Promise<ReadonlySet<string> | undefined>>();

  constructor(permissions: Permissions, definition: DefinitionOf) {
    this.#permissions = permissions;
    this.#definition = definition;
  }

  /** The view as the caller may see it, or undefined. */
  async show(principal: Principal, view: InstanceView): Promise<InstanceView | undefined> {
    if (may(principal, this.#permissions, 'read') || view.startedBy === principal.id) return view;
    if (!(await this.#hasRoleIn(principal, view))) return undefined;
    const { output: _, failure, key: __, ...rest } = view;
    return {
      ...rest,
      variables: {},
      tasks: view.tasks.filter((task) => mayDo(task, principal)),
      waits: [],
      ...(failure ? { failure: withoutDetails(failure) } : {}),
      activities: Object.fromEntries(
        Object.entries(view.activities).map(([id, { failure: ___, ...activity }]) => [id, activity]),
      ),
    };
  }

  /** Tasks of a user, also for a trusted caller that asks on somebody's behalf. */
  tasks(tasks: readonly TaskView[], user: User | undefined): readonly TaskView[] {
    return user ? tasks.filter((task) => mayDo(task, user)) : tasks;
  }

  async #hasRoleIn(principal: Principal, view: InstanceView): Promise<boolean> {
    if (view.tasks.some((task) => mayDo(task, principal))) return true;
    const key = `${principal.tenant}:${view.hash}`;
    let roles = this.#roles.get(key);
    if (!roles) {
      roles = this.#definition(principal.tenant, view.hash).then(rolesOf);
      // What is not known yet may be known a moment later.
      void roles.then(
        (found) => found ?? this.#roles.delete(key),
        () => this.#roles.delete(key),
      );
      this.#roles.set(key, roles);
    }
    const found = await roles;
    return found !== undefined && principal.roles.some((role) => found.has(role));
  }
}

/** Where it stopped, but not why: messages of implementations may quote data. */
function withoutDetails({ code, activity }: FailureData): FailureData {
  return { code, message: 'The flow has failed.', ...(activity === undefined ? {} : { activity }) };
}

function rolesOf(definition: FlowDefinition | undefined): ReadonlySet<string> | undefined {
  return definition && new Set(definition.activities.flatMap(({ role }) => role ?? []));
}
