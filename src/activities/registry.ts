// The implementations that a host can invoke, by name.
import { didYouMean, FlowError, type FlowDefinition } from '../model/index.js';
import { invocable, type Implementations, type Invocable, type RegisteredImplementation } from './implementation.js';

export interface Registry {
  register(name: string, implementation: RegisteredImplementation): void;
  /** `place`: of the activity that invokes it, for hosts that know more than one. Throws FlowError `FLOW-UNKNOWN-IMPLEMENTATION`. */
  resolve(name: string, place?: Place): Invocable;
}

export interface Place {
  readonly definition: FlowDefinition;
  readonly environment: string;
}

export function createRegistry(implementations: Implementations = {}): Registry {
  const known = new Map(Object.entries(implementations));
  return {
    register: (name, implementation) => void known.set(name, implementation),
    resolve: (name) => {
      const found = known.get(name);
      if (found) return invocable(found);
      const near = didYouMean(name, [...known.keys()]);
      throw new FlowError(
        'FLOW-UNKNOWN-IMPLEMENTATION',
        `There is no implementation "${name}".${near === undefined ? ' Register it with implement(name, function).' : ` Did you mean "${near}"?`}`,
      );
    },
  };
}
