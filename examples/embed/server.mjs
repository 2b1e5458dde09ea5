/**
 * The site of somebody whose customers look at their own films. It shows them a page, and Fieldgate answers that page
 * directly: no row passes through here. See README.md beside this file.
 */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import process from "node:process";
import { findFieldgate } from "./setup.mjs";
import { CUSTOMERS, Tokens } from "./tokens.mjs";

const { PORT = "4001", HOST = "127.0.0.1", FRAMED_BY = "" } = process.env;

const TYPES = { css: "text/css", html: "text/html", mjs: "text/javascript" };
const PAGE = read("index.html").toString();
const FILES = new Map(
  ["style.css", "page.mjs", "table.mjs", "client.mjs", "proof.mjs"].map((name) => [
    `/${name}`,
    { type: TYPES[name.split(".").at(-1)], body: read(name) },
  ]),
);

function read(name) {
  return readFileSync(new URL(`page/${name}`, import.meta.url));
}

/** Only what bears this nonce runs or styles, and only this site and Fieldgate are asked. */
function policy(nonce, { endpoint }) {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "img-src data:",
    `connect-src 'self' ${new URL(endpoint).origin}`,
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${FRAMED_BY || "'none'"}`,
  ].join("; ");
}

function sendPage(response, site) {
  const nonce = randomBytes(16).toString("base64");
  response.setHeader("content-security-policy", policy(nonce, site));
  send(response, 200, TYPES.html, PAGE.replaceAll("{nonce}", nonce));
}

function send(response, status, type, body) {
  response.writeHead(status, {
    "content-type": `${type}; charset=utf-8`,
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  });
  response.end(body);
}

/**
 * Answers a page of this site with a token of its own. A real site knows from its session who is looking; this one
 * believes the URL, so that you can be either customer.
 */
async function sendToken({ headers }, response, { query, site, tokens }) {
  const customer = CUSTOMERS.get(query.get("customer"));
  const isOwnPage = headers["sec-fetch-site"] === "same-origin";
  if (!customer || !isOwnPage) return send(response, 404, "application/json", "{}");
  const binding = query.get("binding") === "dpop" ? "DPOP" : "COOKIE";
  const token = await tokens.mint(query.get("customer"), binding);
  const body = { token, binding, endpoint: site.endpoint, customer: customer.name };
  send(response, 200, "application/json", JSON.stringify(body));
}

async function answer(request, response, { site, tokens }) {
  const { pathname, searchParams } = new URL(request.url, "http://site");
  const file = FILES.get(pathname);
  if (request.method === "POST" && pathname === "/token") {
    await sendToken(request, response, { query: searchParams, site, tokens });
  } else if (request.method !== "GET") send(response, 405, "text/plain", "");
  else if (file) send(response, 200, file.type, file.body);
  else if (pathname !== "/") send(response, 404, "text/plain", "There is nothing here.");
  else if (searchParams.has("customer")) sendPage(response, site);
  else response.writeHead(303, { location: "/?customer=acme" }).end();
}

/** What this site has of Fieldgate: asked for once it listens, since that gives its key a new secret. */
let found;

const server = createServer((request, response) => {
  const answered = found.then((parts) => answer(request, response, parts));
  answered.catch((error) => {
    process.stderr.write(`${error.stack}\n`);
    send(response, 502, "application/json", "{}");
  });
});
server.listen(Number(PORT), HOST, async () => {
  found = findFieldgate(process.env).then((site) => ({ site, tokens: new Tokens(site) }));
  await found;
  const origin = `http://${HOST}:${server.address().port}`;
  process.stdout.write(`Open ${origin}/?customer=acme
Fieldgate has to be started with FIELDGATE_CORS_ORIGINS=${origin}
`);
});
