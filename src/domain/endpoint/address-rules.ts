/** Decides to which addresses a webhook may be sent (R51). */

import { lookup } from 'node:dns/promises';
import ipaddr from 'ipaddr.js';

/** An address of a name, as node:dns returns it. */
interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** Returns all addresses of a name; rejects if there is none. */
export type Resolve = (name: string) => Promise<readonly ResolvedAddress[]>;

export const resolveName: Resolve = (name) => lookup(name, { all: true, verbatim: true });

const MAX_URL_CHARACTERS = 2_000;
const HTTPS_PORT = 443;
/** Lower ports are used by system services, not by web applications. */
const FIRST_OPEN_PORT = 1_024;
/** Azure's metadata service, which has a public address. */
const AZURE_METADATA = '168.63.129.16';
/** The range of all public IPv6 addresses. */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3');

export interface AddressRules {
  /** Returns the message for the field if this text cannot be an endpoint's address. null if the text itself is valid. */
  refuseUrl(text: string): string | null;
  /** The same, after resolving the name. A name without an address is accepted, because it may get one later. */
  refuseUrlNow(text: string): Promise<string | null>;
  /** Returns all addresses of the name. Throws AddressRefused if a connection to one of them is not allowed. */
  resolve(name: string): Promise<readonly ResolvedAddress[]>;
}

/** The connection is refused, even if the name resolved to an allowed address before. */
class AddressRefused extends Error {
  readonly code = 'ADDRESS_REFUSED';
}

interface Options {
  readonly resolve: Resolve;
  /** Allows this machine's own addresses, also by http. Only with the embedded database, where the operator is the only user. */
  readonly allowLoopback: boolean;
}

export function createAddressRules({ allowLoopback, resolve }: Options): AddressRules {
  const isAllowed = (address: string) => (isLoopback(address) ? allowLoopback : isPublic(address));

  function refuseUrl(text: string): string | null {
    const url = URL.parse(text);
    if (url === null || text.length > MAX_URL_CHARACTERS) return 'must be an address, for example https://example.com/hooks.';
    const isPlain = url.protocol === 'http:';
    if (url.protocol !== 'https:' && !(isPlain && allowLoopback)) return 'must begin with https://.';
    if (url.username !== '' || url.password !== '') return 'must not contain a user or a password.';
    if (url.hash !== '') return 'must not contain #.';
    const port = url.port === '' ? (isPlain ? 80 : HTTPS_PORT) : Number(url.port);
    if (port !== HTTPS_PORT && port < FIRST_OPEN_PORT) return `must use port ${HTTPS_PORT}, or one from ${FIRST_OPEN_PORT} up.`;
    const literal = literalOf(url);
    if (literal !== null && !isAllowed(literal)) return NOT_PUBLIC;
    if (isPlain && !(literal === null ? isLocalName(url.hostname) : isLoopback(literal))) return 'must begin with https://.';
    return null;
  }

  async function resolveAllowed(name: string): Promise<readonly ResolvedAddress[]> {
    const addresses = await resolve(name);
    if (addresses.length === 0 || !addresses.every(({ address }) => isAllowed(address))) throw new AddressRefused(NOT_PUBLIC);
    return addresses;
  }

  return {
    refuseUrl,
    async refuseUrlNow(text) {
      const refused = refuseUrl(text);
      const url = URL.parse(text);
      if (refused !== null || url === null || literalOf(url) !== null) return refused;
      try {
        await resolveAllowed(url.hostname);
        return null;
      } catch (error) {
        return error instanceof AddressRefused ? NOT_PUBLIC : null;
      }
    },
    resolve: resolveAllowed,
  };
}

const NOT_PUBLIC = 'must lead to a public address.';

/** The IP address in the URL, if it has one instead of a name. URL has already normalized decimal, octal and hexadecimal forms. */
function literalOf({ hostname }: URL): string | null {
  const text = hostname.replace(/^\[|\]$/g, '');
  return ipaddr.isValid(text) ? text : null;
}

function isLocalName(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost');
}

/** Parses an address. An IPv4 address in IPv6 notation is treated as IPv4. */
function parsed(address: string) {
  return ipaddr.isValid(address) ? ipaddr.process(address) : null;
}

function isLoopback(address: string): boolean {
  return parsed(address)?.range() === 'loopback';
}

/** The address is not private, local, shared or reserved, and does not lead to such an address (NAT64, 6to4, Teredo). */
function isPublic(address: string): boolean {
  const ip = parsed(address);
  if (ip === null || ip.range() !== 'unicast' || ip.toString() === AZURE_METADATA) return false;
  return ip.kind() === 'ipv4' || ip.match(GLOBAL_UNICAST);
}
