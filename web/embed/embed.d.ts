/** What has happened in a player: where it stands then. */
export interface Stands {
  /** How many steps have been taken. */
  step: number;
  /** How many are known; more than `step` after going back. */
  steps: number;
  /** Simulated time since the beginning, in milliseconds. */
  timeMs: number;
  /** Whether nothing is left to happen but what repeats itself or waits out a back-off. */
  quiet: boolean;
}

/** The step that was taken last. Several at once are told as one. */
export interface Stepped extends Stands {
  /** Who did it: `daemonset-controller`, `kubelet worker-1`, `kubectl`. */
  actor?: string;
  /** `Pod/default/agent-x7k2p`. */
  object?: string;
  /** Who did what and why, in a sentence. */
  reason?: string;
}

/** An answer of the reader, or an expectation of the lesson, and whether it was right. */
export type Checked =
  | { kind: "answer"; passed: boolean; question: string; answer: string }
  | { kind: "expectation"; passed: boolean; message: string | null };

/** `fatal`: the player has come to its end, and what the author put inside the element is shown again. */
export interface Failed {
  message: string;
  fatal?: boolean;
}

/** Where a player stands, with Kubernetes' own objects. */
export interface State extends Stands {
  daemonSets: object[];
  nodes: object[];
  pods: object[];
}

export interface PlaygroundEventMap {
  ready: CustomEvent<Stands>;
  step: CustomEvent<Stepped>;
  quiet: CustomEvent<Stands>;
  check: CustomEvent<Checked>;
  error: CustomEvent<Failed>;
}

/**
 * The element `<daemonset-playground>`. Attributes: `lesson`, `src`, `panes`, `theme`, `step`, `play`,
 * `height`. What is called before the player is there is done when it is, and has it loaded.
 */
export interface DaemonSetPlaygroundElement extends HTMLElement {
  play(): void;
  pause(): void;
  /** Runs until all is quiet. */
  settle(): void;
  step(): void;
  back(): void;
  /** Goes to where so many steps have been taken. */
  seek(step: number): void;
  /** Opens a scenario, manifests, or what `kubectl get -o yaml` wrote. */
  load(yaml: string): void;
  /** Does a command; what kubectl prints, or nothing before the player is there. */
  kubectl(line: string): string | undefined;
  /** The address that opens what is here in the whole playground. */
  link(): string;
  /** `null` before the player is there. */
  state(): State | null;
  /** Loads the player now, rather than when it comes into view. */
  start(): Promise<void>;
  addEventListener<K extends keyof PlaygroundEventMap>(
    type: K,
    listener: (event: PlaygroundEventMap[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "daemonset-playground": DaemonSetPlaygroundElement;
  }
}
