import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createMetrics } from "../../src/operation/metrics.ts";

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: { readonly uid: string };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

interface Variable {
  readonly name: string;
  readonly type: string;
  readonly definition?: string;
}

const dashboard = JSON.parse(readFileSync(new URL("../../grafana/coze-bridge.json", import.meta.url), "utf8")) as {
  readonly schemaVersion: number;
  readonly templating: { readonly list: readonly Variable[] };
  readonly panels: readonly Panel[];
};
const charts = dashboard.panels.filter(({ type }) => type !== "row");
const text = await createMetrics().text();

/** Every metric and its labels' names, as the registry tells them. */
const exported = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name = "", type = ""]) => ({ name, type }));

/** The metrics that an expression reads: of a histogram its buckets, its sum or its count. */
function metricsIn(expression: string): string[] {
  const series = [...expression.matchAll(/\b(?:coze_bridge|process|nodejs)_\w+/g)].map(([name]) => name);
  return series.map((name) => {
    const whole = name.replace(/_(bucket|sum|count)$/, "");
    return exported.some((metric) => metric.name === whole && metric.type === "histogram") ? whole : name;
  });
}

const shown = charts.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => metricsIn(expr)));
const names = exported.map(({ name }) => name);

describe("the dashboard", () => {
  test.each(charts.map(({ title, targets = [] }) => [title, targets] as const))(
    "%s reads metrics that exist",
    (_title, targets) => {
      expect(targets.length).toBeGreaterThan(0);
      for (const { expr } of targets) {
        expect(metricsIn(expr).length).toBeGreaterThan(0);
        expect(names).toEqual(expect.arrayContaining(metricsIn(expr)));
      }
    },
  );

  test.each(names.filter((name) => name.startsWith("coze_bridge_")))("%s is in a panel", (name) => {
    expect(shown).toContain(name);
  });

  test("a histogram is read by its buckets", () => {
    const histograms = exported.filter(({ name, type }) => type === "histogram" && name.startsWith("coze_bridge_"));
    const expressions = charts.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)).join("\n");
    expect(histograms.length).toBeGreaterThan(4);
    for (const { name } of histograms) expect(expressions).toContain(`${name}_bucket{`);
  });

  test("the source of the data is chosen by a variable, and every variable is defined", () => {
    const variables = dashboard.templating.list;
    expect(variables.find(({ type }) => type === "datasource")?.name).toBe("datasource");
    for (const { datasource } of charts) expect(datasource?.uid).toMatch(/^\$\{datasource\}$/);
    const used = [...JSON.stringify(dashboard.panels).matchAll(/\$\{?([a-z]\w*)/g)].map(([, name = ""]) => name);
    expect(variables.map(({ name }) => name)).toEqual(expect.arrayContaining([...new Set(used)]));
    for (const { definition } of variables)
      if (definition) expect(names).toEqual(expect.arrayContaining(metricsIn(definition)));
  });

  test("Grafana 10 can read it, and no panel lies on another", () => {
    expect(dashboard.schemaVersion).toBeGreaterThanOrEqual(38);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) => {
      expect(x + w).toBeLessThanOrEqual(24);
      return Array.from({ length: w * h }, (_, at) => `${x + (at % w)},${y + Math.floor(at / w)}`);
    });
    expect(new Set(cells).size).toBe(cells.length);
  });
});
