import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { planOf } from "./plan.ts";
import { chartsOf } from "./report/charts.ts";
import { reportOf } from "./report/document.ts";
import { describeCell, describeLoad } from "./report/lines.ts";
import { withFigures } from "./report/readme.ts";
import { run } from "./run.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    quick: { type: "boolean", default: false },
    out: { type: "string" },
  },
});

const isWhole = !values.quick && values.only === undefined;
/** What a part of the plan came to must not stand where the figures of the whole do. */
const folder = values.out ?? fileURLToPath(new URL(isWhole ? "../../../results/" : "../../results/", import.meta.url));
const plan = planOf({ isQuick: values.quick, ...(values.only !== undefined && { only: new RegExp(values.only) }) });
const print = (line: string) => void process.stdout.write(`${line}\n`);

print(`${plan.cells.length} answers and ${plan.loads.length} loads`);
const results = await run(plan, {
  cellEnded: (result) => print(describeCell(result)),
  loadEnded: (result) => print(describeLoad(result)),
});
await mkdir(folder, { recursive: true });
const charts = chartsOf(results);
// The curves are in the charts, and would be most of the file.
const raw = JSON.stringify(results, (key, value: unknown) => (key === "curve" ? undefined : value), 2);
await writeFile(`${folder}/results.json`, `${raw}\n`);
await writeFile(`${folder}/results.md`, reportOf(results, charts));
for (const { file, svg } of charts) await writeFile(`${folder}/${file}`, svg);
if (isWhole) {
  const readme = fileURLToPath(new URL("../../../../README.md", import.meta.url));
  await writeFile(readme, withFigures(await readFile(readme, "utf8"), results, charts));
}
print(`Written to ${folder}`);
process.exit();
