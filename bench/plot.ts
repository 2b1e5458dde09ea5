import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import type { Plot } from "./figure.ts";
import { range } from "./in-turn.ts";

/**
 * Draws lines over an axis of rows, both axes logarithmic, as SVG with the fonts of whoever looks at it.
 *
 * @param on What it was measured on.
 */
export async function draw(plot: Plot, on: string): Promise<string> {
  const view = new View(parse(compile(specOf(plot, on)).spec), { renderer: "none" });
  try {
    return `${await view.toSVG()}\n`;
  } finally {
    view.finalize();
  }
}

function specOf({ title, across, up, series }: Plot, on: string): TopLevelSpec {
  const values = series.flatMap(({ name, points }) => points.map((point) => ({ name, ...point })));
  const places = [...new Set(values.map(({ at }) => at))];
  const sort = series.map(({ name }) => name);
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    title: { text: title, subtitle: on },
    width: 520,
    height: 300,
    background: "white",
    padding: 12,
    data: { values },
    mark: { type: "line", point: { filled: true, size: 50 } },
    encoding: {
      x: {
        field: "at",
        type: "quantitative",
        scale: { type: "log" },
        axis: { title: across, values: places, format: ",d" },
      },
      y: {
        field: "value",
        type: "quantitative",
        scale: { type: "log", nice: false },
        axis: { title: up, values: ticksOf(values.map(({ value }) => value)), format: ",~r" },
      },
      color: {
        field: "name",
        type: "nominal",
        sort,
        legend: { title: null, orient: "bottom", columns: 1, labelLimit: 480 },
      },
      shape: { field: "name", type: "nominal", sort },
    },
    config: { font: "system-ui, sans-serif" },
  };
}

/** One, two and five times each power of ten that lies among these values. */
function ticksOf(values: readonly number[]): number[] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const powers = range(Math.floor(Math.log10(least)), Math.ceil(Math.log10(most)));
  return powers
    .flatMap((power) => [1, 2, 5].map((digit) => Number(`${digit}e${power}`)))
    .filter((tick) => tick >= least && tick <= most);
}
