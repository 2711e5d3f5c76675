/**
 * A driver's message as it is to be read. Dawn ends labels with a zero byte, and says some messages twice, the second time under the name of
 * the error's kind.
 */
export function driverMessage({ message }: { readonly message: string }): string {
  const [once] = message.replaceAll('\0', '').split(/\n\n(?:validation|out-of-memory|internal):\n/);
  return once.trim();
}
