// What the tests do with the package, in Node and in browsers alike.

export const AGENT = `apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent }
spec:
  selector: { matchLabels: { app: agent } }
  template:
    metadata: { labels: { app: agent } }
    spec: { containers: [ { name: agent, image: "agent:1" } ] }
`;

/** A rollout, forward and back; the answer is the same everywhere. */
export async function use({ LoadError, Playground }) {
  const playground = await Playground.load(AGENT);
  const first = playground.step();
  const ran = playground.run();
  const tainted = playground.kubectl("kubectl taint node worker-2 disk=full:NoExecute");
  playground.run("30s");
  const pods = () => playground.state().pods.map((it) => it.spec.nodeName);
  const onTwo = pods();
  const { reason, remedies } = playground.explain("worker-2");
  const last = playground.seek(Infinity);
  playground.seek(ran.steps + first.step);
  const onThree = pods();
  const misspelt = AGENT.replace("image:", "imagee:");
  const wrong = await Playground.load(misspelt).catch((error) => error);
  playground.free();
  return {
    first,
    ran,
    tainted,
    onTwo,
    onThree,
    reason,
    remedies,
    last,
    wrong: [wrong instanceof LoadError, wrong.line, wrong.column, wrong.field],
  };
}
