import type { Sending } from "./house.ts";

/** A request in which a text stands where it does not belong. */
export interface Misuse {
  readonly where: string;
  readonly sending: Sending;
}

const json = (query: string, variables: object = {}, more: object = {}): Sending => ({
  body: JSON.stringify({ query, variables, ...more }),
});

const ofOne = (name: string, value: string): Misuse => ({
  where: `a request with it as ${name}`,
  sending: { headers: { [name]: value } },
});

/** In headers, alone and beside others. */
function inHeaders(text: string): Misuse[] {
  return [
    ofOne("x-api-key", text),
    ofOne("authorization", `Bearer ${text}`),
    ofOne("authorization", `DPoP ${text}`),
    ofOne("authorization", `Basic ${text}`),
    ofOne("authorization", text),
    ofOne("dpop", text),
    ofOne("cookie", `__Host-fieldgate=${text}; key=${text}`),
    ofOne("x-request-id", text),
    ofOne("x-request-id", text.slice(0, 64)),
    ofOne("x-fieldgate-tenant", text),
    ofOne("x-fieldgate-roles", text),
    ofOne("user-agent", text),
    ofOne("referer", `http://fieldgate.test/${text}`),
    ofOne("origin", `http://${text}.test`),
    ofOne("traceparent", text),
    ofOne("content-type", `application/json; charset=${text}`),
    ofOne("accept", `application/${text}`),
    {
      where: "a request with two credentials",
      sending: { headers: { "x-api-key": text, authorization: `Bearer ${text}` } },
    },
  ];
}

/** In the URL. */
function inUrls(text: string): Misuse[] {
  const part = encodeURIComponent(text);
  return [
    { where: "a path", sending: { path: `/${part}`, method: "GET" } },
    { where: "a path below another", sending: { path: `/graphql/${part}` } },
    { where: "a probe", sending: { path: `/health?key=${part}`, method: "GET" } },
    { where: "a query of the URL", sending: { path: `/graphql?key=${part}` } },
    {
      where: "a document in the URL",
      sending: { path: `/graphql?query=${encodeURIComponent(`{ ${part} }`)}`, method: "GET" },
    },
    { where: "a one-time URL", sending: { path: `/transfers/${part}x`, method: "GET" } },
    { where: "a one-time URL to send to", sending: { path: `/transfers/${part}x`, method: "PUT" } },
  ];
}

/** In documents, of which none is executed. */
function inBadDocuments(text: string): Misuse[] {
  const name = text.replaceAll(/\W/g, "_");
  const quoted = JSON.stringify(text);
  const documents: readonly [string, Sending][] = [
    ["a field", json(`{ ${name} }`)],
    ["an argument", json(`{ viewer { ${name}(a: 1) } dataset(${name}: 1) { id } }`)],
    ["a variable's name", json(`query ($a: Int!) { dataset(name: $${name}) { id } }`)],
    ["a name of the operation", json("{ viewer { id } }", {}, { operationName: text })],
    ["an operation", json(`query ${name} { viewer { idd } }`)],
    ["a fragment", json(`{ viewer { ...${name} } }`)],
    ["a directive", json(`{ viewer @${name} { id } }`)],
    ["a type", json(`query ($a: ${name}) { viewer { id } }`)],
    ["an enum", json(`mutation { exportRows(input: {datasetId: "x", format: ${name}}) { url } }`)],
    ["an enum in quotes", json(`{ sessions(status: ${quoted}) { totalCount } }`)],
    ["a number", json(`{ datasets(first: ${quoted}) { totalCount } }`)],
    ["a broken text", json(`{ dataset(name: ${quoted.slice(0, -1)}) { id } }`)],
    ["a word out of place", json(`{ viewer { id } } ${quoted}`)],
    ["no document", { body: text }],
    ["no JSON", { body: `{"query": ${quoted}` }],
    ["a list of documents", { body: `[{"query": ${quoted}}]` }],
    ["a document that is none", json(text)],
    ["an extension", json("{ viewer { id } }", {}, { extensions: { key: text } })],
    ["an unknown part", json("{ viewer { id } }", {}, { [name]: text })],
    ["variables that are none", { body: `{"query": "{ viewer { id } }", "variables": ${quoted}}` }],
  ];
  return documents.map(([where, sending]) => ({
    where: `a document with it as ${where}`,
    sending,
  }));
}

/** In variables of a wrong form. */
function inBadVariables(text: string): Misuse[] {
  const documents: readonly [string, Sending][] = [
    ["a number", json("query ($a: Int) { datasets(first: $a) { totalCount } }", { a: text })],
    ["an input", json("query ($a: RowFilter) { datasets { totalCount } }", { a: text })],
    [
      "a field of an input",
      json("query ($a: RowFilter) { datasets { totalCount } }", { a: { [text]: 1 } }),
    ],
    [
      "an input with another fault",
      json("mutation ($a: LoginInput!) { login(input: $a) { userId } }", {
        a: { systemKey: "x", systemSecret: text, password: text, deviceToken: text, emil: "" },
      }),
    ],
    [
      "a password in a list",
      json("mutation ($a: LoginInput!) { login(input: $a) { userId } }", {
        a: { systemKey: "x", systemSecret: [text], email: "a@example.com", password: [text] },
      }),
    ],
    [
      "a token in an object",
      json("mutation ($a: ResetPasswordInput!) { resetPassword(input: $a) { done } }", {
        a: { systemKey: "x", systemSecret: "y", token: { text }, password: { text } },
      }),
    ],
  ];
  return documents.map(([where, sending]) => ({ where: `variables with it as ${where}`, sending }));
}

/** Arguments of one document each, in which the text is `$s`. */
const ARGUMENTS: readonly string[] = [
  `query ($s: String!, $i: ID!) {
     name: dataset(name: $s) { id } dataset(id: $i) { id } node(id: $i) { id } nodes(ids: [$i]) { id }
     user(id: $i) { id } users(email: $s) { totalCount } sessions(userId: $i) { totalCount }
     role(name: $s) { id } key(id: $i) { id } datasets(after: $s) { totalCount }
     permission: checkAccess(permission: $s) { hasAccess }
     checkAccess(permission: "row::get", key: $s) { hasAccess }
     explainAccess(subject: {keyId: $i}, object: {permission: $s}) { allowed }
     events(name: $s) { totalCount } keys(after: $s) { totalCount } }`,
  `mutation ($s: String!, $i: ID!) {
     revokeKey(input: {id: $i}) { key { id } } rollKey(input: {id: $i}) { secret }
     createKey(input: {name: "k", roleIds: [$i]}) { secret } endSession(input: {id: $i}) { session { id } }
     deleteUser(input: {id: $i}) { id } deleteRole(input: {id: $i}) { id }
     createSession(input: {userId: $i}) { sessionToken } logout(input: {sessionId: $i}) { endedSessions }
     assignRoles(input: {userId: $i, roleIds: [$i]}) { user { id } }
     updateUser(input: {id: $i, email: $s}) { user { id } }
     registerUser(input: {email: $s, password: "short"}) { user { id } }
     exportRows(input: {datasetId: $i, format: JSON}) { url }
     createRows(input: {datasetId: $i, rows: [], idempotencyKey: $s}) { count }
     revokeAccessToken(input: {id: $i}) { accessToken { id } }
     writeEvent(input: {name: $s}) { __typename }
     updateMe(input: {email: $s, currentPassword: $s, password: $s}) { user { id } } }`,
  `mutation ($s: String!) {
     login(input: {systemKey: $s, systemSecret: $s, email: $s, password: $s, deviceToken: $s}) { userId } }`,
  `mutation ($s: String!) {
     resetPassword(input: {systemKey: $s, systemSecret: $s, token: $s, password: $s}) { done }
     verifyEmail(input: {systemKey: $s, systemSecret: $s, token: $s}) { done }
     requestPasswordReset(input: {systemKey: $s, systemSecret: $s, email: $s}) { done } }`,
];

/** Every misuse of a text, by nobody unless headers say by whom. */
export function misusesOf(text: string): Misuse[] {
  const inArguments = ARGUMENTS.flatMap((query, place) => [
    { where: `arguments ${place}`, sending: json(query, { s: text, i: text }) },
    {
      where: `arguments ${place} in place`,
      sending: json(query.replace(/\(\$s.*?\)/, "").replaceAll(/\$[si]\b/g, JSON.stringify(text))),
    },
  ]);
  return [
    ...inHeaders(text),
    ...inUrls(text),
    ...inBadDocuments(text),
    ...inBadVariables(text),
    ...inArguments,
  ];
}
