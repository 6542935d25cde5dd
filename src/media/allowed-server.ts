import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { MediaError } from "./media-error.ts";
import { isPublicAddress } from "./public-address.ts";

/** What {@link serverOf} asks of its surroundings. */
export interface AddressRules {
  /** True for a server that may be called although it is not on the internet, on any port. By default there is none. */
  readonly allowPrivate?: ((host: string, port: number) => boolean) | undefined;
  /** The IP addresses of a name. By default what the system says. */
  readonly resolve?: ((host: string) => Promise<readonly string[]>) | undefined;
}

/** Where a URL leads, resolved and checked: connect to these addresses, and never look the name up again. */
export interface Server {
  readonly host: string;
  readonly port: number;
  readonly addresses: readonly string[];
}

/**
 * The server of a URL, when it may be called: http(s), port 80 or 443, no user name or password, and each of its
 * addresses public. Otherwise a `MediaError`: `bad-address`, `not-public` or `unreachable`.
 */
export async function serverOf(url: URL, { allowPrivate, resolve = systemResolve }: AddressRules): Promise<Server> {
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  if (url.protocol !== "http:" && url.protocol !== "https:") throw badAddress("is not http or https");
  if (url.username !== "" || url.password !== "") throw badAddress("holds a user name or password");
  const usual = url.protocol === "http:" ? 80 : 443;
  const port = url.port === "" ? usual : Number(url.port);
  const isAllowed = allowPrivate?.(host, port) ?? false;
  if (!isAllowed && port !== 80 && port !== 443) throw badAddress(`has port ${port}; only 80 and 443 are opened`);
  const addresses = isIP(host) ? [host] : await addressesOf(host, resolve);
  if (!isAllowed && !addresses.every(isPublicAddress)) {
    throw new MediaError("not-public", `${host} is not on the public internet, so it was not called.`);
  }
  return { host, port, addresses };
}

async function systemResolve(host: string): Promise<string[]> {
  const found = await lookup(host, { all: true });
  return found.map(({ address }) => address);
}

async function addressesOf(host: string, resolve: NonNullable<AddressRules["resolve"]>): Promise<readonly string[]> {
  let addresses: readonly string[] = [];
  let cause: unknown;
  try {
    addresses = await resolve(host);
  } catch (error) {
    cause = error;
  }
  if (addresses.length === 0) throw new MediaError("unreachable", `No address is known for ${host}.`, { cause });
  return addresses;
}

function badAddress(problem: string): MediaError {
  return new MediaError("bad-address", `The link ${problem}, so it was not opened.`);
}
