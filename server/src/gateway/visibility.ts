// What a caller may see of an instance. Who may read everything or has started it sees all of it; who has a role in its flow
// sees that it goes on, and the tasks that are theirs; others see nothing.
import type { FailureData, FlowDefinition, InstanceView } from '../../../src/index.js';
import { mayDo } from '../../../src/hosts/kit.js';
import type { InstanceSearch } from '../read-model/search.js';
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

  /** Where to look for what the caller may see; undefined: everywhere. What is found there may still not be theirs to see. */
  async concerning(principal: Principal, all: () => Promise<readonly string[]>): Promise<InstanceSearch['concerning']> {
    if (may(principal, this.#permissions, 'read')) return undefined;
    const known = await Promise.all(
      (await all()).map(async (hash) => ({ hash, roles: await this.#rolesIn(principal.tenant, hash) })),
    );
    const isTheirs = ({ roles }: (typeof known)[number]): boolean => principal.roles.some((role) => roles?.has(role));
    return { user: principal.id, roles: principal.roles, hashes: known.filter(isTheirs).map(({ hash }) => hash) };
  }

  async #hasRoleIn(principal: Principal, view: InstanceView): Promise<boolean> {
    if (view.tasks.some((task) => mayDo(task, principal))) return true;
    const found = await this.#rolesIn(principal.tenant, view.hash);
    return found !== undefined && principal.roles.some((role) => found.has(role));
  }

  #rolesIn(tenant: string, hash: string): Promise<ReadonlySet<string> | undefined> {
    const key = `${tenant}:${hash}`;
    let roles = this.#roles.get(key);
    if (!roles) {
      roles = this.#definition(tenant, hash).then(rolesOf);
      // What is not known yet may be known a moment later.
      void roles.then(
        (found) => found ?? this.#roles.delete(key),
        () => this.#roles.delete(key),
      );
      this.#roles.set(key, roles);
    }
    return roles;
  }
}

/** Where it stopped, but not why: messages of implementations may quote data. */
function withoutDetails({ code, activity }: FailureData): FailureData {
  return { code, message: 'The flow has failed.', ...(activity === undefined ? {} : { activity }) };
}

function rolesOf(definition: FlowDefinition | undefined): ReadonlySet<string> | undefined {
  return definition && new Set(definition.activities.flatMap(({ role }) => role ?? []));
}
