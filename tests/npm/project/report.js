/** Tells the test what came of it, by the port that the address names. */
export async function report(run) {
  const said = [];
  for (const level of ["warn", "error"]) console[level] = (...args) => said.push(args.map(String).join(" "));
  const result = await run().then(
    (value) => ({ value }),
    (error) => ({ error: String(error) }),
  );
  const port = new URLSearchParams(location.search).get("report");
  await fetch(`http://127.0.0.1:${port}/`, { method: "POST", mode: "no-cors", body: JSON.stringify({ ...result, said }) });
}
