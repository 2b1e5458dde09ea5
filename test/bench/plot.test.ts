import { expect, test } from "vitest";
import { draw } from "../../bench/plot.ts";

test("A plot is an SVG that shows each series, and brings neither a font nor a program", async () => {
  const points = [
    { at: 1, value: 6 },
    { at: 10_000, value: 0.4 },
  ];
  const svg = await draw(
    {
      name: "latency",
      title: "Latency",
      across: "rows",
      up: "times",
      series: [
        { name: "one server", points },
        { name: "another", points },
      ],
    },
    "four cores",
  );

  expect(svg).toMatch(/^<svg /);
  for (const text of ["Latency", "four cores", "one server", "another", "10,000", "0.5"])
    expect(svg).toContain(`>${text}</text>`);
  expect(svg).not.toMatch(/NaN|<script|@font-face|href/);
});
