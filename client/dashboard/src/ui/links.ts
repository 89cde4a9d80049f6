// Addresses that a text from elsewhere may link to.

/** The address, if following it is harmless: a page or a mail, never a script. */
export function safeLink(address: string): string | undefined {
  try {
    const { protocol, href } = new URL(address);
    return ["http:", "https:", "mailto:"].includes(protocol) ? href : undefined;
  } catch {
    return undefined;
  }
}
