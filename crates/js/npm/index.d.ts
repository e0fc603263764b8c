/// <reference lib="esnext.disposable" />

/**
 * Starts the program, which `Playground.load` does by itself. Call it before only to say where
 * `playground.wasm` is, or to have it downloaded early. Only the first call does anything, unless
 * it fails: then the next one tries again.
 *
 * @param source The address of `playground.wasm` (a string or a `URL`), a `Response` with it, its
 * bytes (an `ArrayBuffer` or a view of one), or the `WebAssembly.Module` they were compiled to. If
 * it is left out: the file beside this module.
 * @throws {Error} if it cannot be had or is something else. The message says where it was looked for.
 */
export function init(
  // Not by their names: those are not known to a program that is for Node only.
  source?: string | object | Promise<object>,
): Promise<void>;

/**
 * A simulated Kubernetes cluster with its DaemonSets, and its past.
 *
 * It is deterministic: the same text and the same calls give the same answers, everywhere. Nothing
 * in it waits, reads a clock, or asks the network. Several can be there at once.
 *
 * Going back only looks. What is done in the past (`kubectl`, `fault`) begins there anew, and what
 * came after it is no more.
 */
export class Playground {
  private constructor();

  /**
   * Reads a text and makes the cluster that it tells of.
   *
   * - A scenario (`apiVersion: daemonset-playground/v1`, `kind: Scenario`): its beginning. Its steps
   *   wait for {@link play}.
   * - Manifests, as somebody writes them: they are applied, as by `kubectl apply -f manifests.yaml`,
   *   so that a first step or more has been taken. Nodes among them are there before, and ready; if
   *   there are none, `worker-1`, `worker-2` and `worker-3` are.
   * - Objects of a real cluster, as `kubectl get nodes,ds,pods,controllerrevisions -A -o yaml`
   *   prints them (they have a `uid`): they are there, as they are. If there are no Nodes among
   *   them, nor Pods on any, there are the same three.
   *
   * YAML of several documents, JSON, and lists are taken.
   *
   * @throws {LoadError} with all that is wrong with the text, and where.
   * @throws {Error} if `playground.wasm` cannot be had; see {@link init}.
   */
  static load(yaml: string): Promise<Playground>;

  /** What was passed over in the text: fields of a real cluster that Kubernetes 1.34 does not know. */
  readonly warnings: Problem[];

  /**
   * Takes the next step, the next thing that changes an object; after `back()` the one that was
   * taken before.
   *
   * @returns `null` if nothing more happens by itself: the cluster is quiet.
   */
  step(): Step | null;

  /** Undoes a step. Whether there was one. */
  back(): boolean;

  /**
   * Goes to where so many steps have been taken; 0 is the beginning. It does not go beyond what is
   * known: `seek(Infinity)` is the last step taken so far.
   *
   * @returns where it stands then.
   */
  seek(step: number): number;

  /**
   * Lets time pass, as a scenario's `run` does.
   *
   * @param until `"quiet"` (if left out), a duration of simulated time such as `"30s"` or `"3m50s"`,
   * or a number of steps. In the past what was done after it is done again on the way.
   * @throws {Error} if it is none of these, or if 1,000,000 steps have been taken and there is no
   * end in sight.
   */
  run(until?: "quiet" | (string & {}) | number): Ran;

  /** Where it stands, with Kubernetes' own objects, each list by namespace and name. */
  state(): State;

  /**
   * Does a kubectl command, now. With or without `kubectl` before it. Time does not pass, unless
   * the command says by `--timeout` how long to wait.
   *
   * A command that fails is no error here: its exit code says so, and its output why.
   *
   * @param options.files Texts that `-f NAME` reads, by name, beside those of the scenario; `-` is
   * standard input.
   */
  kubectl(line: string, options?: { files?: Record<string, string> }): Output;

  /**
   * Does what no command can do, in the words of a scenario's `fault`: `"node/worker-2 power off"`,
   * `"image nginx:1.27 pull fail"`, `"component scheduler stop"`.
   *
   * @throws {Error} if it is no fault, or if there is no such machine.
   */
  fault(fault: string): void;

  /**
   * Why a node runs the pod of a DaemonSet, or does not; the same that
   * `daemonset explain -o json` prints.
   *
   * @param options.daemonSet Its name, with its namespace before it (`kube-system/agent`) if others
   * have the same. May be left out if there is only one DaemonSet.
   * @throws {Error} if there is no such node or DaemonSet, or several.
   */
  explain(node: string, options?: { daemonSet?: string }): Explanation;

  /**
   * Plays the scenario's own steps and looks whether what they expect is so. It plays from the
   * beginning, whatever was done since, and stands at the end of it: `seek(0)` and `step()` go
   * through it again. Of a text that was no scenario there is nothing to play, and nothing is done.
   *
   * A check that fails is no error here: see `failures`.
   *
   * @param options.until How many of the scenario's steps are played, or the name of the `mark` up
   * to which they are. All, if it is left out.
   * @throws {Error} if there is no such mark.
   */
  play(options?: { until?: number | string }): Played;

  /** Gives its memory back. Any call after that throws. Left out, it is given back some time later. */
  free(): void;

  /** The same, for `using`. */
  [Symbol.dispose](): void;
}

/** What is wrong with a text. The message has a line for each problem: `LINE:COL: error: FIELD.PATH: message`. */
export class LoadError extends Error {
  private constructor();
  readonly name: "LoadError";
  /** All of them, in the order of the text. There is always one. */
  readonly problems: Problem[];
  /** Of the first problem, counted from 1. */
  readonly line: number;
  /** Of the first problem, in characters, counted from 1. */
  readonly column: number;
  /** Of the first problem, such as `spec.template.spec.containers[0].image`; empty if it is the whole text. */
  readonly field: string;
}

export interface Problem {
  /** Counted from 1. */
  line: number;
  /** In characters, counted from 1. */
  column: number;
  /** Such as `spec.template.spec.containers[0].image`; empty if it is the whole text. */
  field: string;
  /** In the words of the API server, where it has some. */
  message: string;
}

/** The next thing that changed an object; as a line of `daemonset run -o json`. */
export interface Step {
  /** Its number, from 1. */
  step: number;
  /** When it happened: simulated milliseconds since the beginning. */
  timeMs: number;
  /** Who did it: `daemonset-controller`, `kubelet worker-1`, `kubectl`. */
  actor: string;
  /** What was done: `created pod default/agent-x7k2p for node worker-1`. */
  what: string;
  /** To which object: `Pod/default/agent-x7k2p`. */
  object: string;
  /** Why: `no daemon pod there, the node fits`. */
  reason: string;
}

export interface Ran {
  /** How many steps were taken, known ones among them. */
  steps: number;
  /** What the time is: simulated milliseconds since the beginning. */
  timeMs: number;
  /** Whether nothing more happens by itself. */
  quiet: boolean;
}

export interface Output {
  /** Standard output and standard error, in the order written. */
  output: string;
  /** 0 if all is well. */
  exitCode: number;
}

export interface State {
  /** How many steps led here. */
  step: number;
  /** How many are known. */
  steps: number;
  /** Simulated milliseconds since the beginning. */
  timeMs: number;
  /** Whether nothing more happens by itself. */
  quiet: boolean;
  daemonSets: KubernetesObject[];
  nodes: KubernetesObject[];
  pods: KubernetesObject[];
}

/** An object as the API server gives it. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    uid?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    creationTimestamp?: string;
    deletionTimestamp?: string;
    [field: string]: any;
  };
  spec?: Record<string, any>;
  status?: Record<string, any>;
  [field: string]: any;
}

export interface Played {
  /** How many steps the cluster took. */
  steps: number;
  /** Simulated milliseconds since the beginning. */
  timeMs: number;
  /** Whether nothing more happens by itself. */
  quiet: boolean;
  /** Of the whole cluster: the same wherever it is played, until a rule changes. */
  digest: string;
  /** How many checks held, and how many did not. */
  checks: { passed: number; failed: number };
  /** What did not come as the scenario says. After a command, a fault or a run that fails nothing more is played. */
  failures: Failure[];
  /** How many checks of an `ask` were not looked at, as no `run` came after them. */
  unchecked: number;
  /** How many of the scenario's steps were not played. */
  unplayed: number;
  /** What the scenario says and does, in order. */
  told: Told[];
}

export interface Failure {
  /** Which of the scenario's steps says what should have come, from 0. */
  index: number;
  /** Where that step begins in the text, from 1. */
  line: number;
  column: number;
  /** `steps[4]`. */
  field: string;
  /** What was expected and what was found. */
  wrong: string[];
}

export type Told = {
  /** Which of the scenario's steps it is, from 0. */
  index: number;
  /** How many steps the cluster had taken by then, for `seek`. */
  position: number;
} & (
  | { say: string }
  | { kubectl: string; output: string; exitCode: number }
  | { ask: { question: string; answer: string | number | boolean | null; because: string | null } }
  | { mark: string }
);

/** Why a node runs the pod of a DaemonSet, or does not. */
export interface Explanation {
  /** `NAMESPACE/NAME`. */
  daemonSet: string;
  node: string;
  shouldRun: boolean;
  /** Whether a pod that is there may stay. */
  shouldContinueRunning: boolean;
  /** In a sentence. */
  reason: string;
  /** Every rule that was asked, with its answer. */
  checks: Check[];
  /** The smallest edits that would let it run there. */
  remedies: string[];
  /** Further edits, only for what has to run on such nodes. */
  otherwise: string[];
  /** Its pods there. */
  pods: PodStory[];
  /** Why the next sync creates a pod there. */
  creates: string | null;
  /** Why none is created yet. */
  waits: string | null;
  /** Nodes that use up the room of a rolling update. */
  takingRoom: string[];
  /** How far the rolling update is. */
  rollout: string | null;
}

export interface Check {
  rule: string;
  passed: boolean;
  fact: string;
  consequence: string | null;
  /** The fields that decided. */
  daemonSetField: string | null;
  nodeField: string | null;
  /** Of a taint that is tolerated: whether by a toleration that the controller adds. */
  toleratedByController: boolean | null;
  remedy: string | null;
  /** The file and function of Kubernetes that it models. */
  upstream: string;
}

export interface PodStory {
  pod: string;
  phase: string;
  /** As kubectl prints it. */
  status: string;
  restarts: number;
  /** What its containers and its node say; each with its sentence. */
  because: { text: string; [field: string]: any }[];
  ready: boolean;
  available: boolean;
  availableInSeconds: number | null;
  /** Whether it was made from the current template; `null` if that is not known. */
  updated: boolean | null;
  /** What the next sync does about it. */
  fate: string;
  rule: string | null;
}
