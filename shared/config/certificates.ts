import { X509Certificate } from 'node:crypto';
import { Fault } from '../kernel/fault.ts';

const block = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

/**
 * The certificates of a text, one or several, without what stands around them.
 *
 * @param text PEM (RFC 7468)
 * @param name of the setting, for the fault
 * @throws Fault config/invalid where there is none, where one is cut off or damaged, and for a private key
 */
export function parseCertificates(text: string, name: string): string {
  const refuse = (flaw: string): never => {
    throw new Fault('config/invalid', `${name} ${flaw}: expected the CA's certificate alone, all of ca.crt`);
  };
  // Whoever reads the setting could sign certificates.
  if (text.includes('PRIVATE KEY')) return refuse('holds a private key');
  const found = text.match(block) ?? [];
  const isWhole = found.length > 0 && !text.replace(block, '').includes('-----BEGIN');
  if (!isWhole || !found.every(isCertificate)) return refuse('holds no certificate in PEM, or not all of it');
  return `${found.join('\n')}\n`;
}
