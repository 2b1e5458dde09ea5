/** The most characters of the URL of a key set. */
const LONGEST = 2000;

/** This machine, by its usual names. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Whether keys could be fetched from there: over https, or without encryption from this machine, which the deployment
 * has to allow; that is judged by the address when they are fetched. Not with a password: it would be shown.
 */
export function isKeySetUrl(text: string): boolean {
  if (text.length > LONGEST || !URL.canParse(text)) return false;
  const { protocol, hostname, username, password, hash } = new URL(text);
  if (username !== "" || password !== "" || hash !== "") return false;
  return protocol === "https:" || (protocol === "http:" && LOOPBACK.test(hostname));
}
