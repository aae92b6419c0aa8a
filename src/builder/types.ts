// The types behind `defineFlow`: names are checked against what the definition itself declares.
import type {
  ActivityDefinition,
  BoundaryEventDefinition,
  Expression,
  FlowDefinition,
  FlowKind,
  Json,
  JsonSchema,
  LoopDefinition,
  RoleDefinition,
  SphereDefinition,
  SubflowDefinition,
  VariableDefinition,
} from '../model/index.js';

type Schemas = Readonly<Record<string, JsonSchema>>;
type Variables = Readonly<Record<string, VariableDefinition>>;
type Roles = Readonly<Record<string, RoleDefinition>>;
type Key<T> = keyof T & string;

/** Assignments to declared variables, or to those that the input brings. */
type Assignments<V, I> = { readonly [K in Key<V> | Key<I>]?: Expression };

/** Assigns to nothing else: what is inferred would keep a name that nobody has declared. */
type Declared<A, V, I> = A extends { readonly output: infer O }
  ? { readonly output: { readonly [N in keyof O]: N extends Key<V> | Key<I> ? Expression : never } }
  : unknown;

type Boundaries<V, I> = readonly (BoundaryEventDefinition & { readonly output?: Assignments<V, I> })[];

/** An activity without its id, which is its key. */
export type ActivityOptions<Ids extends string, V, I, R> = Omit<
  ActivityDefinition,
  'id' | 'output' | 'role' | 'excludes' | 'sameAs' | 'compensation' | 'boundary'
> & {
  readonly output?: Assignments<V, I>;
  readonly role?: Key<R>;
  readonly excludes?: readonly (Ids | '$starter')[];
  readonly sameAs?: Ids | '$starter';
  readonly compensation?: Ids;
  readonly boundary?: Boundaries<V, I>;
};

/** Ids of activities, and of their boundary events as `activity.event`. */
type Source<A> =
  | Key<A>
  | {
      [K in Key<A>]: A[K] extends { readonly boundary: readonly { readonly id: infer B extends string }[] }
        ? `${K}.${B}`
        : never;
    }[Key<A>];

type Subflows<Ids extends string, V, I> = Readonly<
  Record<
    string,
    Omit<SubflowDefinition, 'activities' | 'compensation' | 'boundary' | 'trigger'> & {
      readonly activities: readonly Ids[];
      readonly compensation?: Ids;
      readonly loop?: LoopDefinition;
      readonly boundary?: Boundaries<V, I>;
      readonly trigger?: BoundaryEventDefinition & { readonly output?: Assignments<V, I> };
    }
  >
>;

/** `[from, to]`, `[from, to, condition]`, or `[from, to, 'else']` for the default. */
export type Connection<From extends string, To extends string> =
  | readonly [from: From, to: To]
  | readonly [from: From, to: To, condition: Expression];

export interface FlowOptions<
  I extends Schemas,
  V extends Variables,
  R extends Roles,
  A extends Readonly<Record<string, ActivityOptions<string, V, I, R>>>,
  S,
  O extends Readonly<Record<string, Expression>>,
> {
  readonly flow: string;
  readonly version?: string;
  readonly kind: FlowKind;
  readonly title?: string;
  readonly description?: string;
  readonly input?: I;
  readonly output?: O;
  readonly variables?: V;
  readonly roles?: R;
  readonly activities: A & {
    readonly [K in keyof A]: ActivityOptions<NoInfer<Key<A>>, NoInfer<V>, NoInfer<I>, NoInfer<R>> &
      Declared<A[K], V, I>;
  };
  readonly connect?: readonly Connection<NoInfer<Source<A> | Key<S>>, NoInfer<Key<A> | Key<S>>>[];
  readonly subflows?: S & Subflows<NoInfer<Key<A> | Key<S>>, NoInfer<V>, NoInfer<I>>;
  readonly spheres?: readonly (Omit<SphereDefinition, 'activities'> & {
    readonly activities: readonly NoInfer<Key<A> | Key<S>>[];
  })[];
}

declare const types: unique symbol;

/** A definition that remembers the types of its data. */
export interface TypedFlow<Input, Output, Variable extends string, Activity extends string> extends FlowDefinition {
  readonly [types]?: { readonly input: Input; readonly output: Output; variable: Variable; activity: Activity };
}

type TypesOf<F> = F extends TypedFlow<infer I, infer O, infer V, infer A> ? [I, O, V, A] : never;
/** The input data object of a flow made by `defineFlow`. */
export type InputOf<F> = TypesOf<F>[0];
/** Its output data object. */
export type OutputOf<F> = TypesOf<F>[1];
/** Names of its variables, the input's among them. */
export type VariableOf<F> = TypesOf<F>[2];
/** Ids of its activities. */
export type ActivityOf<F> = TypesOf<F>[3];

/** What a JSON Schema lets through, as far as types can say. */
export type FromSchema<S> = S extends { readonly const: infer C }
  ? C
  : S extends { readonly enum: readonly (infer E)[] }
    ? E
    : S extends { readonly type: 'string' }
      ? string
      : S extends { readonly type: 'number' | 'integer' }
        ? number
        : S extends { readonly type: 'boolean' }
          ? boolean
          : S extends { readonly type: 'null' }
            ? null
            : S extends { readonly type: 'array'; readonly items: infer E }
              ? readonly FromSchema<E>[]
              : S extends { readonly type: 'array' }
                ? readonly Json[]
                : S extends { readonly type: 'object'; readonly properties: infer P }
                  ? ObjectOf<P, S extends { readonly required: readonly (infer N)[] } ? N : never>
                  : Json;

type ObjectOf<P, Required> = { readonly [K in keyof P as K extends Required ? K : never]: FromSchema<P[K]> } & {
  readonly [K in keyof P as K extends Required ? never : K]?: FromSchema<P[K]>;
};

export type InputFrom<I> = { readonly [K in keyof I]?: FromSchema<I[K]> };
