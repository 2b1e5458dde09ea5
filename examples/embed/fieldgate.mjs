/** Asks Fieldgate with a key, which stays on this server. @returns The data of the answer. */
export async function ask({ endpoint, key }, query, variables = {}) {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: { "content-type": "application/json", "x-api-key": key },
    body: JSON.stringify({ query, variables }),
  }).catch(() => {
    throw new Error(`Fieldgate does not answer at ${endpoint}. Is it running?`);
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(`Fieldgate: ${errors[0].message}`);
  return data;
}
