import { UserError } from "../../model/errors";

/**
 * A stand-in works for a sandbox only. @throws UserError with one sentence when the address is missing or is not this machine's
 * loopback: so a stand-in that somehow got onto a production run's PATH can change nothing there.
 */
export function loopbackUrl(plugin: string, key: string, address: string | undefined): string {
  const refuse = (seen: string) =>
    new UserError(
      `${key} is ${seen}; the sandbox's stand-in for the ${plugin} plug-in serves loopback addresses only (http://127.x.y.z:port): use the official plug-in for anything else.`,
    );
  if (!address) throw refuse("not set");
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    throw refuse(JSON.stringify(address));
  }
  const loopback = /^127(\.\d{1,3}){3}$/.test(url.hostname) || url.hostname === "[::1]" || url.hostname === "localhost";
  if (!loopback || !/^https?:$/.test(url.protocol)) throw refuse(JSON.stringify(address));
  return address.replace(/\/$/, "");
}
