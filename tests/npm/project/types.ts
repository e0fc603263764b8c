import { LoadError, Playground, init, type Explanation, type Step } from "daemonset-playground";

export async function typed(yaml: string): Promise<string[]> {
  await init();
  await init(new Uint8Array());
  await init("playground.wasm");
  const playground = await Playground.load(yaml);
  const step: Step | null = playground.step();
  // @ts-expect-error: it may be quiet
  step.reason;
  const time: number = step?.timeMs ?? 0;
  playground.run();
  playground.run("30s");
  playground.run(time);
  // @ts-expect-error: no length
  playground.run(true);
  const { output, exitCode } = playground.kubectl("apply -f -", { files: { "-": yaml } });
  const explanation: Explanation = playground.explain("worker-1", { daemonSet: "agent" });
  const names = playground.state().pods.map((pod) => pod.metadata.name);
  for (const told of playground.play({ until: "mark" }).told) {
    if ("say" in told) names.push(told.say, String(told.position));
    if ("ask" in told) names.push(told.ask.question);
  }
  // @ts-expect-error: made by `load`
  new Playground();
  // @ts-expect-error: read only
  playground.warnings = [];
  using other = await Playground.load(yaml);
  const back: boolean = other.back();
  return [...names, output, String(exitCode), explanation.reason, String(back)];
}

export function place(error: unknown): string {
  return error instanceof LoadError ? `${error.line}:${error.column} ${error.problems[0]?.message}` : "";
}
