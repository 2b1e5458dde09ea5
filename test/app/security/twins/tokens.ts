import type { Client } from "./client.ts";
import type { TwinRole } from "./roles.ts";

/** By what the keys of tokens make them: whoever sets conditions reads the column in every row. */
export const MINTER: TwinRole = {
  name: "minter",
  canRead: true,
  permissions: ["access_token::create"],
};

/** Whose client the token that asks acts for: by it, it is in that team. */
const CLIENT = "red";

/** The clients of the other tokens in each of the twins. */
const OTHERS = [["ann"], ["bea", "cleo"]] as const;

/** Where tokens are made. */
interface Minting {
  readonly client: Client;
  /** The key that makes them. */
  readonly minter: string;
  readonly ids: Map<string, string>;
}

/**
 * Makes tokens in a twin: one that asks, alike in both as far as it reads, and others. Its condition is on a column of
 * which it does not know, and sets another value there in each of the twins.
 *
 * @param roleIds What the one that asks carries.
 * @returns The text of that.
 */
export async function tokensOf(
  minting: Minting,
  place: 0 | 1,
  roleIds: readonly (string | undefined)[],
): Promise<string> {
  const { ids } = minting;
  for (const [index, clientId] of OTHERS[place].entries()) {
    await aToken(minting, `other ${index}`, { clientId, clientName: clientId });
  }
  const condition = { datasetId: ids.get("people"), column: "secret", op: "ge", value: "s" };
  const setValue = place === 0 ? "s" : "sss";
  return await aToken(minting, "caller", {
    roleIds,
    conditions: [{ ...condition, set: true, setValue }],
    datasetIds: [ids.get("parts")],
    clientId: CLIENT,
  });
}

async function aToken({ client, minter, ids }: Minting, name: string, input: object) {
  const { accessToken, secret } = await client.must<{
    accessToken: { id: string };
    secret: string;
  }>(minter, "createAccessToken", { binding: "COOKIE", ...input }, "accessToken { id } secret");
  ids.set(`token ${name}`, accessToken.id);
  return secret;
}
