import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isStart, readmeBlocks } from "../app/cli/readme-blocks.ts";
import { BAD_FILES } from "./bad-files.ts";
import { errorIn, hold, type Hour, type Keys, refusalIn, type Step } from "./hour.ts";

/** From nothing to the first field that somebody is denied. */
export const FIRST_STEPS: readonly Step[] = [
  {
    name: "git clone",
    run: async ({ clone }) => {
      clone.clone();
      return "what is committed";
    },
  },
  { name: "npm ci", run: install },
  { name: "npm start", run: start },
  { name: "the queries that it printed", run: printedQueries },
  { name: "a denied field", run: deniedField },
];

/** What people do once they have seen it work. */
export const LATER_STEPS: readonly Step[] = [
  { name: "GraphiQL", run: graphiql },
  { name: "the README's other lines", run: readmeLines },
  { name: "errors that teach", run: errors },
  { name: "200,000 rows beside the server", run: manyRows },
  ...BAD_FILES.map((file): Step => ({ name: file.name, run: (hour) => badFile(hour, file) })),
  { name: "the command line, misused", run: misuse },
  { name: "starts that fail", run: failedStarts },
  { name: "stopping and starting again", run: restart },
  { name: "a first bench", run: bench },
];

/** The lines of the README that start it: the first installs too. */
const [README_START = ""] = readmeBlocks()
  .filter(isStart)
  .map(({ text }) => text.trim());

async function install({ clone }: Hour): Promise<string> {
  const [line = ""] = README_START.split(" && ");
  const { code, stdout, stderr } = await clone.sh(line);
  hold(code === 0, `${line} succeeds: ${stderr}`);
  return stdout.trim().split("\n")[0] ?? "";
}

async function start(hour: Hour): Promise<string> {
  const [, line = ""] = README_START.split(" && ");
  hour.server = await hour.clone.serve(line);
  const path = join(hour.clone.folder, ".fieldgate", "demo-keys.json");
  hour.keys = (JSON.parse(readFileSync(path, "utf8")) as { keys: Keys }).keys;
  hold(Object.keys(hour.keys).length === 4, "the demo has four keys");
  return `${hour.server.address}, keys ${Object.keys(hour.keys).join(", ")}`;
}

async function printedQueries(hour: Hour): Promise<string> {
  const { DEMO_QUERIES } = await import("../../src/cli/demo/demo-queries.ts");
  const lengths: string[] = [];
  for (const { key, query, variables } of DEMO_QUERIES) {
    if (variables) continue;
    const answer = await hour.ask(key, query);
    hold(!answer.errors, `the query of ${key} is answered: ${JSON.stringify(answer.errors)}`);
    lengths.push(`${key} ${JSON.stringify(answer).length} bytes`);
  }
  return lengths.join(", ");
}

async function deniedField(hour: Hour): Promise<string> {
  const query = `{ dataset(name: "movies") { rows(filter: {column: "us_gross", gt: 1}) { totalCount } } }`;
  hold(!(await hour.ask("administrator", query)).errors, "the administrator may ask so");
  return errorIn(await hour.ask("analyst", query), "BAD_USER_INPUT");
}

async function graphiql({ server }: Hour): Promise<string> {
  const response = await fetch(`${server?.address}/graphql`, { headers: { accept: "text/html" } });
  const page = await response.text();
  const policy = response.headers.get("content-security-policy") ?? "";
  hold(policy.startsWith("default-src 'none'"), "the page may load nothing unless it is named");
  hold(!/(src|href)="?https?:/.test(page.slice(0, 2_000)), "the page names nothing outside");
  return `${(page.length / 1e6).toFixed(1)} MB, nothing from outside`;
}

async function readmeLines({ clone }: Hour): Promise<string> {
  const lines = readmeBlocks().filter((block) => block.language === "sh" && !isStart(block));
  for (const { text } of lines) {
    const { code, stderr } = await clone.sh(text);
    hold(code === 0, `this succeeds: ${text}${stderr}`);
  }
  return `${lines.length} blocks, as they stand there`;
}

async function errors(hour: Hour): Promise<string> {
  const said = [
    errorIn(await hour.ask("analyst", "{ roles { nodes { name } } }"), "FORBIDDEN"),
    errorIn(
      await hour.ask(
        "partner",
        `{ dataset(name: "movies") { rows(orderBy: {column: "titel", direction: ASC}) { totalCount } } }`,
      ),
      "BAD_USER_INPUT",
    ),
    errorIn(
      await hour.ask(
        "partner",
        `{ dataset(name: "movies") { rows(orderBy: {column: "title", direction: UP}) { totalCount } } }`,
      ),
      "BAD_USER_INPUT",
    ),
    errorIn(await hour.ask("partner", `{ dataset(nam: "movies") { id } }`), "BAD_USER_INPUT"),
  ];
  return said.map((words) => `\n            ${words}`).join("");
}

async function manyRows({ clone }: Hour): Promise<string> {
  const lines = Array.from(
    { length: 200_000 },
    (_, i) => `${i},r${i % 7},${(i * 0.37).toFixed(2)}`,
  );
  writeFileSync(join(clone.folder, "many.csv"), `id,region,amount\n${lines.join("\n")}\n`);
  writeFileSync(
    join(clone.folder, "few.csv"),
    `id,region,amount\n${lines.slice(0, 2_000).join("\n")}\n`,
  );
  const command = "exec node src/cli/bin.mjs import";
  const few = await clone.sh(`${command} few.csv --dataset few --key id --tenant acme`);
  const many = await clone.sh(`${command} many.csv --dataset many --key id --tenant acme`);
  hold(many.code === 0, `it succeeds: ${many.stderr}`);
  const more = (many.peak ?? 0) - (few.peak ?? 0);
  hold(more < 150, `a hundred times the rows take no ${more} MiB more`);
  return `${many.stdout.trim().split("\n").at(-1)} ${more} MiB more than for 2,000`;
}

async function badFile({ clone }: Hour, file: (typeof BAD_FILES)[number]): Promise<string> {
  const path = join(clone.folder, file.path);
  writeFileSync(path, file.content());
  if (file.bytes !== undefined) truncateSync(path, file.bytes);
  const command = `exec node src/cli/bin.mjs import ${file.path} --tenant acme --dataset ${file.dataset}`;
  const ended = await clone.sh(command);
  hold((ended.peak ?? 0) < 300, `it takes no ${ended.peak} MiB`);
  if (file.refused) return refusalIn(ended, file.refused);
  hold(ended.code === 0, `it is taken: ${ended.stderr}`);
  return ended.stdout.trim().split("\n").slice(0, 1).join("");
}

async function misuse({ clone }: Hour): Promise<string> {
  const help = await clone.sh("npx fieldgate --help");
  hold(help.code === 0 && help.stdout.includes("import"), "--help lists the commands");
  const alone = await clone.sh("npx fieldgate");
  hold(`${alone.stdout}${alone.stderr}`.includes("Usage: fieldgate"), "it says how it is used");
  const typo = await clone.sh("npx fieldgate improt sales.csv --dataset sales");
  return refusalIn(typo, /Did you mean import\?/);
}

async function failedStarts({ clone, server }: Hour): Promise<string> {
  const port = new URL(server?.address ?? "").port;
  const line = "exec node src/cli/bin.mjs serve";
  const elsewhere = { FIELDGATE_DATA_DIR: join(clone.folder, "elsewhere"), FIELDGATE_DEMO: "0" };
  const said = [
    refusalIn(await clone.sh(line, { PORT: "0" }), /in use by process \d+/),
    refusalIn(await clone.sh(line, { ...elsewhere, PORT: port }), /in use/),
    refusalIn(await clone.sh(line, { FIELDGATE_DATA_DIR: "README.md" }), /README\.md/),
    refusalIn(await clone.sh(line, { DATABASE_URL: "postgres://me@127.0.0.1:1/x" }), /not reached/),
  ];
  return said.map((words) => `\n            ${words}`).join("");
}

async function restart(hour: Hour): Promise<string> {
  const ended = await hour.server?.stop();
  hold(ended?.stderr === "", `it stops without a complaint: ${ended?.stderr}`);
  hour.server = await hour.clone.serve("npm start");
  const answer = await hour.ask("partner", `{ datasets { nodes { name rowCount } } }`);
  hold(JSON.stringify(answer).includes("movies"), "what was there is there");
  return "everything is still there";
}

async function bench({ clone }: Hour): Promise<string> {
  const { code, stdout, stderr } = await clone.sh("npm run --silent bench -- --rounds 1");
  hold(code === 0, `it succeeds: ${stderr}`);
  return `\n${stdout.trim()}`;
}
