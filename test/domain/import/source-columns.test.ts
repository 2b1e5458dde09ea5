import { expect, test } from "vitest";

import { columnsFromHeader } from "../../../src/domain/import/source-columns.ts";

test("a header stays as the label of the column that is named after it", () => {
  expect(columnsFromHeader(["US Gross", "2020"])).toStrictEqual([
    { header: "US Gross", name: "us_gross", label: "US Gross" },
    { header: "2020", name: "c_2020", label: "2020" },
  ]);
});

test("every header without a name, and all that share one, are told at once", () => {
  expect(() => columnsFromHeader(["US Gross", "us-gross", "§", "名", "ok"])).toThrow(
    'the column "§" has no letter a-z or digit to make a name of; ' +
      'the column "名" has no letter a-z or digit to make a name of; ' +
      '"US Gross" and "us-gross" become the same name, us_gross',
  );
});
