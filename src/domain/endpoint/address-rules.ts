/** Which addresses a webhook may be sent to (R51). */

import { lookup } from 'node:dns/promises';
import ipaddr from 'ipaddr.js';

/** An address of a name, as node:dns answers it. */
interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** All addresses of a name; rejects where there is none. */
export type Resolve = (name: string) => Promise<readonly ResolvedAddress[]>;

export const resolveName: Resolve = (name) => lookup(name, { all: true, verbatim: true });

const MAX_URL_CHARACTERS = 2_000;
const HTTPS_PORT = 443;
/** What listens below is no web server of anybody's application. */
const FIRST_OPEN_PORT = 1_024;
/** Asks a machine about itself in Azure, under a public address. */
const AZURE_METADATA = '168.63.129.16';
/** Where all public IPv6 addresses are. */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3');

export interface AddressRules {
  /** Why this text may not be an endpoint's address, in words for its field; null: it may, as far as its text tells. */
  refuseUrl(text: string): string | null;
  /** The same, after its name was resolved. A name that has no address now may have one later. */
  refuseUrlNow(text: string): Promise<string | null>;
  /** All addresses of the name; throws AddressRefused if one of them may not be connected to. */
  resolve(name: string): Promise<readonly ResolvedAddress[]>;
}

/** Connecting is refused, whatever the name resolved to before. */
class AddressRefused extends Error {
  readonly code = 'ADDRESS_REFUSED';
}

interface Options {
  readonly resolve: Resolve;
  /** This machine's own addresses, by http too: on the embedded database only, where whoever runs the server is its only user. */
  readonly allowLoopback: boolean;
}

export function createAddressRules({ allowLoopback, resolve }: Options): AddressRules {
  const isAllowed = (address: string) => (isLoopback(address) ? allowLoopback : isPublic(address));

  function refuseUrl(text: string): string | null {
    const url = URL.parse(text);
    if (url === null || text.length > MAX_URL_CHARACTERS) return 'must be an address, as https://example.com/hooks.';
    const isPlain = url.protocol === 'http:';
    if (url.protocol !== 'https:' && !(isPlain && allowLoopback)) return 'must begin with https://.';
    if (url.username !== '' || url.password !== '') return 'must not contain a user or a password.';
    if (url.hash !== '') return 'must not contain #.';
    const port = url.port === '' ? (isPlain ? 80 : HTTPS_PORT) : Number(url.port);
    if (port !== HTTPS_PORT && port < FIRST_OPEN_PORT) return `must use port ${HTTPS_PORT}, or one from ${FIRST_OPEN_PORT} on.`;
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

/** The address that the URL names instead of a host; URL has read decimal, octal and hexadecimal forms already. */
function literalOf({ hostname }: URL): string | null {
  const text = hostname.replace(/^\[|\]$/g, '');
  return ipaddr.isValid(text) ? text : null;
}

function isLocalName(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost');
}

/** Reads an address of IPv4 that is written as one of IPv6 as what it is. */
function parsed(address: string) {
  return ipaddr.isValid(address) ? ipaddr.process(address) : null;
}

function isLoopback(address: string): boolean {
  return parsed(address)?.range() === 'loopback';
}

/** Neither private, local, shared, reserved, nor a way to such a one (NAT64, 6to4, Teredo). */
function isPublic(address: string): boolean {
  const ip = parsed(address);
  if (ip === null || ip.range() !== 'unicast' || ip.toString() === AZURE_METADATA) return false;
  return ip.kind() === 'ipv4' || ip.match(GLOBAL_UNICAST);
}
