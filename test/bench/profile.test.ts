import { describe, expect, test } from "vitest";
import { profile } from "../../bench/profile/profile.ts";
import { report } from "../../bench/profile/report.ts";
import { leastPlan } from "./least.ts";

describe("The profile of a server", () => {
  test("shows by module and by function where its time went while it answered", async () => {
    const profiled = await profile({
      ...(await leastPlan()),
      way: "values",
      first: 10,
      seconds: 0.2,
    });

    expect(profiled.requests).toBeGreaterThan(0);
    const text = report("values-10", profiled);
    expect(text).toMatch(/^\| (node|graphql|src\/\S+) +\| \d/m);
    expect(text).not.toMatch(/NaN|undefined/);
  });

  test("is of a way of asking that there is, and starts nothing for another", async () => {
    const plan = { ...(await leastPlan()), seconds: 0 };
    await expect(profile({ ...plan, way: "values", first: 11 })).rejects.toThrow("1 to 10 rows");
    await expect(profile({ ...plan, way: "value", first: 1 })).rejects.toThrow("one of values,");
    expect(plan.said).toEqual([]);
  });
});
