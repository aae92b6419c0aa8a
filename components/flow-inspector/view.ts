// A tab of the inspector. All but the graph are chunks of their own, loaded when first opened.
import type { CSSResult, TemplateResult } from 'lit';
import type { Moment } from '../../src/inspect/live.js';
import type { Replay } from '../../src/inspect/replay.js';
import type { CompiledFlow, HistoryRecord, InstanceView } from '../../src/runtime/index.js';
import type { InspectedSource } from './source.js';

/** What a tab shows: an instance after some of its steps. */
export interface ViewContent {
  readonly source: InspectedSource;
  readonly view: InstanceView;
  readonly flow: CompiledFlow;
  readonly history: readonly HistoryRecord[];
  /** Steps shown, from 1; `history.length`: all. */
  readonly at: number;
  readonly moment: Moment;
  /** Undefined until the engine is there. */
  readonly replay: Replay | undefined;
  readonly activity: string | undefined;
  /** Which of its sides a tab shows; undefined: the first. */
  readonly side: string | undefined;
  turn(side: string): void;
  select(activity: string): void;
  goTo(step: number): void;
}

export interface ViewModule {
  readonly styles?: CSSResult;
  render(content: ViewContent): TemplateResult;
}

export type LazyView = 'sequence' | 'timeline' | 'steps' | 'data' | 'code' | 'activity';

export const VIEWS: Readonly<Record<LazyView, () => Promise<ViewModule>>> = {
  sequence: () => import('./sequence-view.js'),
  timeline: () => import('./timeline-view.js'),
  steps: () => import('./steps-view.js'),
  data: () => import('./data-view.js'),
  code: () => import('./code-view.js'),
  activity: () => import('./activity-view.js'),
};
