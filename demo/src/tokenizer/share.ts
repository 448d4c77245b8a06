/** The text in the address, behind the #: it never goes to a server. */
export interface Shared {
  readonly text: string;
  readonly special: boolean;
}

/** Longer addresses get lost in chats and mails. */
export const MOST_SHARED = 4000;

export function toHash({ text, special }: Shared): string {
  const binary = String.fromCharCode(...new TextEncoder().encode(text));
  const code = btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  return `#t=${code}${special ? '' : '&s=0'}`;
}

/** undefined for an address without a text, or one that was cut. */
export function fromHash(hash: string): Shared | undefined {
  const parameters = new URLSearchParams(hash.slice(1));
  const code = parameters.get('t');
  if (code === null) return undefined;
  try {
    const binary = atob(code.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (sign) => sign.charCodeAt(0));
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { text, special: parameters.get('s') !== '0' };
  } catch {
    return undefined;
  }
}
